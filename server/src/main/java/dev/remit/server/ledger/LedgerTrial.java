package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.Crypto;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// Appends to a log of its own and tells what each caller waited: the ledger without a server
/// around it, as a process that `./remit bench ledger` starts against a throwaway database.
///
/// Arguments are the database's JDBC URL, its user and a folder for the master key; the first line
/// of the input is the password. Each further line, `callers milliseconds body-bytes`, is one trial
/// and is answered by one line of JSON; the end of the input ends the process.
public final class LedgerTrial {
  private static final PrintStream OUT = System.out;
  private static final String NODE = "trial";

  private final Ledger ledger;
  private final AtomicLong ids = new AtomicLong();

  private LedgerTrial(Ledger ledger) {
    this.ledger = ledger;
  }

  public static void main(String[] args) throws IOException {
    Crypto.install();
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var config = new DatabaseConfig(args[0], args[1], in.readLine(), 5);
    var kek = KeyWrap.of(MasterKey.open(Path.of(args[2]), Map.of()));
    var log = new LedgerConfig(NODE, "remit.local/ledger/" + NODE);
    try (var database = Database.open(config);
        var ledger = Ledger.open(database, log, kek, InstantSource.system())) {
      var trial = new LedgerTrial(ledger);
      in.lines().map(trial::run).forEach(LedgerTrial::say);
    }
  }

  private static void say(String line) {
    OUT.println(line);
    OUT.flush();
  }

  private String run(String line) {
    var words = List.of(line.strip().split(" "));
    int callers = Integer.parseInt(words.get(0));
    long nanos = Long.parseLong(words.get(1)) * 1_000_000;
    var bodies = bodies(Integer.parseInt(words.get(2)));

    var waits = new ConcurrentLinkedQueue<Long>();
    long cpuBefore = cpuNanos();
    long start = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        threads.execute(() -> {
          while (System.nanoTime() - start < nanos) {
            long asked = System.nanoTime();
            ledger.append(decision(), bodies);
            waits.add(System.nanoTime() - asked);
          }
        });
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuMicros = (cpuNanos() - cpuBefore) / 1e3;
    var sorted = waits.stream().mapToLong(Long::longValue).sorted().toArray();
    return "{\"n\":%d,\"seconds\":%s,\"p50Us\":%s,\"p99Us\":%s,\"cpuUs\":%s}"
        .formatted(
            sorted.length,
            seconds,
            sorted[sorted.length / 2] / 1e3,
            sorted[(int) (sorted.length * 0.99)] / 1e3,
            cpuMicros / sorted.length);
  }

  private static Body[] bodies(int bytes) {
    return bytes == 0 ? new Body[0] : new Body[] {Body.of("question", "y".repeat(bytes))};
  }

  /// About what a decision looks like: 1 KB.
  private Entry decision() {
    return Entry.of(EntryType.CALL_DECIDED, InstantSource.system().instant())
        .with("id", "dec_trial" + ids.incrementAndGet())
        .with("decision", "allow")
        .with("identity", "spiffe://remit.local/invoices/invoice-agent")
        .with("workflow", "invoices")
        .with("task", "task_01hzzzzzzzzzzzzzzzzzzzzzzz")
        .with("intent", "read-invoices")
        .with("because", List.of("invoices-may-read", "pilot-limits"))
        .with("padding", "x".repeat(600));
  }

  /// CPU time of this process, the database not included.
  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }
}
