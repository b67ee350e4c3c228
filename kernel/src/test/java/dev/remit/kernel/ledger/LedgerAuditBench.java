package dev.remit.kernel.ledger;

import java.util.List;

/// Prints how long verifying a million entries takes, everything in memory. Run by hand.
final class LedgerAuditBench {
  private static final int ENTRIES = 1_000_000;

  private LedgerAuditBench() {}

  public static void main(String[] args) {
    var log = new TestLog();
    log.boot();
    while (log.entries.size() < ENTRIES) {
      log.call("dec_01hzzzzzzzzzzzzzzzzzzz" + log.entries.size());
    }
    var files = TestLog.files(log.export());
    for (int round = 0; round < 2; round++) {
      long started = System.nanoTime();
      long cpuStarted = cpuNanos();
      var report = LedgerAudit.of(files, List.of(log.key()));
      System.out.printf(
          "%,d entries verified in %.2f s, %.2f s of CPU, holds: %b%n",
          report.entries(),
          (System.nanoTime() - started) / 1e9,
          (cpuNanos() - cpuStarted) / 1e9,
          report.holds());
    }
  }

  /// CPU time of this process: what the figure means on a machine that others use as well.
  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }
}
