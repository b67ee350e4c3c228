package dev.remit.conformance.bench;

import java.util.ArrayList;

/// A loop that answers all its callers at once, again and again: each of them waits as long as the
/// whole batch takes.
final class Batches {
  private Batches() {}

  static Measured run(int callers, int millis, Runnable batch) {
    var waits = new ArrayList<Long>();
    double cpuBefore = ProcessCpu.alone(ProcessHandle.current()).micros();
    long start = System.nanoTime();
    do {
      long began = System.nanoTime();
      batch.run();
      waits.add(System.nanoTime() - began);
    } while (System.nanoTime() - start < millis * 1_000_000L);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = ProcessCpu.alone(ProcessHandle.current()).micros() - cpuBefore;

    var one = Measured.of(waits.stream().mapToLong(Long::longValue).toArray(), seconds, cpu);
    return new Measured(
        one.calls() * callers,
        one.p50Us(),
        one.p99Us(),
        one.perSecond() * callers,
        one.cpuUsPerCall() / callers);
  }
}
