package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Hash;
import dev.remit.server.crypto.Crypto;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/// Prints what appending costs on this machine: entries a second and the wait of one caller, by the
/// number of callers that wait at the same time, and what one signature costs by provider.
///
/// Run by hand; figures are in `docs/adr`. The database is private, with fsync on.
final class LedgerBench {
  private static final int WARM_UP_MS = 1500;
  private static final int MEASURE_MS = 3000;

  private LedgerBench() {}

  public static void main(String[] args) throws IOException {
    var kek = KeyWrap.of(MasterKey.open(Files.createTempDirectory("bench"), Map.of()));
    System.out.printf("one Ed25519 signature, JDK: %d us%n", signMicros(kek));
    System.out.println("provider: " + Crypto.install().getName());
    System.out.printf("one Ed25519 signature, this provider: %d us%n", signMicros(kek));
    try (var database = Database.open(TestDatabase.freshConfig());
        var ledger =
            Ledger.open(
                database,
                new LedgerConfig("node-1", "ledger.test/bench"),
                kek,
                InstantSource.system())) {
      for (int callers : new int[] {1, 16, 64, 256, 1024}) {
        measure(ledger, callers, WARM_UP_MS);
        System.out.println(measure(ledger, callers, MEASURE_MS));
      }
      System.out.println(size(database));
    }
    System.exit(0);
  }

  private static long signMicros(KeyWrap kek) {
    var fresh = Signer.create("ledger.test/bench", kek);
    var signer = Signer.open(fresh.key(), fresh.wrapped(), kek);
    var checkpoint = new Checkpoint("ledger.test/bench", 1, Hash.EMPTY);
    long started = 0;
    for (int i = 0; i < 2000; i++) {
      started = i == 1000 ? System.nanoTime() : started;
      signer.sign(checkpoint);
    }
    return (System.nanoTime() - started) / 1_000_000;
  }

  private static String measure(Ledger ledger, int callers, int millis) {
    var waits = new ConcurrentLinkedQueue<Long>();
    long cpuStarted = cpuNanos();
    long started = System.nanoTime();
    long end = started + millis * 1_000_000L;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        threads.execute(() -> {
          while (System.nanoTime() < end) {
            long asked = System.nanoTime();
            ledger.append(entry(), question());
            waits.add(System.nanoTime() - asked);
          }
        });
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    double cpu = cpuNanos() - cpuStarted;
    var sorted = waits.stream().mapToLong(Long::longValue).sorted().toArray();
    return "%5d callers: %,9.0f entries/s, p50 %6.2f ms, p99 %6.2f ms, CPU %5.1f us an entry"
        .formatted(
            callers,
            sorted.length / seconds,
            at(sorted, 0.5) / 1e6,
            at(sorted, 0.99) / 1e6,
            cpu / 1e3 / sorted.length);
  }

  /// CPU time of this process, the database not included.
  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private static long at(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)];
  }

  /// About what a decision looks like: 1 KB.
  private static Entry entry() {
    return Entry.of(EntryType.CALL_DECIDED, Instant.now())
        .with("id", "dec_" + System.nanoTime())
        .with("decision", "allow")
        .with("identity", "spiffe://remit.local/invoices/invoice-agent")
        .with("workflow", "invoices")
        .with("task", "task_01hzzzzzzzzzzzzzzzzzzzzzzz")
        .with("intent", "read-invoices")
        .with("because", Arrays.asList("invoices-may-read", "pilot-limits"))
        .with("padding", "x".repeat(600));
  }

  /// And about what is kept encrypted beside it.
  private static Body question() {
    return Body.of("question", "y".repeat(500));
  }

  private static String size(Database database) {
    return database.transact(tx ->
        tx.one(
                """
                SELECT count(*) AS n,
                       (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
                         WHERE c.relname LIKE 'ledger%' AND c.relkind = 'r') AS bytes
                  FROM ledger_entry
                """,
                row ->
                    "%,d entries, %d bytes stored for each"
                        .formatted(row.number("n"), row.number("bytes") / row.number("n")))
            .orElseThrow());
  }
}
