package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// A process that appends from 32 threads until it is killed, and prints the id of every entry that
/// it was told is durable.
final class EndlessAppender {
  private static final int THREADS = 32;

  private EndlessAppender() {}

  public static void main(String[] args) {
    var where = new DatabaseConfig(args[0], args[1], args[2], 3);
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var kek = KeyWrap.of(MasterKey.open(Path.of(args[3]), Map.of()));
    var config = new LedgerConfig("node-1", "ledger.test/node-1");
    var count = new AtomicLong();
    try (var database = Database.open(where);
        var ledger = Ledger.open(database, config, kek, InstantSource.system());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < THREADS; i++) {
        threads.execute(() -> append(ledger, args[4], count, out));
      }
    }
  }

  private static void append(Ledger ledger, String prefix, AtomicLong count, PrintStream out) {
    while (!Thread.currentThread().isInterrupted()) {
      var id = prefix + count.incrementAndGet();
      ledger.append(
          Entry.of(EntryType.CALL_DECIDED, Instant.now()).with("id", id).with("decision", "deny"));
      out.println(id);
    }
  }
}
