package dev.remit.server.ledger;

import dev.remit.kernel.identity.PersonName;
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

/// A process that does everything a log can have done to it once, in one order, prints what it was
/// told is durable, and dies at the crash point that it was given.
final class CrashingAppender {

  private CrashingAppender() {}

  public static void main(String[] args) {
    var where = new DatabaseConfig(args[0], args[1], args[2], 3);
    var kek = KeyWrap.of(MasterKey.open(Path.of(args[3]), Map.of()));
    var point = CrashPoint.parse(args[4]);
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    // The second batch, so that one was acknowledged before it.
    var crashes = Crashes.at(point, point.stage() == CrashPoint.Stage.BATCH ? 2 : 1);
    var config = new LedgerConfig("node-1", "ledger.test/node-1");
    try (var database = Database.open(where)) {
      try (var ledger = Ledger.open(database, config, kek, InstantSource.system(), crashes)) {
        out.println("opened");
        ledger.append(entry("batch_1"));
        out.println("batch_1");
        ledger.append(entry("batch_2"));
        out.println("batch_2");
        ledger.transact(recording -> {
          recording.append(entry("change_1"));
          return recording.tx().update("INSERT INTO governed VALUES ('change_1')");
        });
        out.println("change_1");
        ledger.rotateKey(new PersonName("admin"), "a test", Instant.now());
        out.println("rotated");
        ledger.append(entry("batch_3"));
        out.println("batch_3");
      }
      out.println("closed");
    }
  }

  private static Entry entry(String id) {
    return Entry.of(EntryType.CALL_DECIDED, Instant.now()).with("id", id).with("decision", "deny");
  }
}
