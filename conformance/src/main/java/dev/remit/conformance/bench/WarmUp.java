package dev.remit.conformance.bench;

import java.util.function.Supplier;

/// Loads a server until it gets no cheaper. Java goes on compiling what a governed call runs
/// through for half a minute, in which a call costs twice the CPU of later.
final class WarmUp {
  private static final int SECONDS_MAX = 60;

  /// So many loads in a row that are no cheaper than the cheapest: it is warm.
  private static final int IN_VAIN_ENOUGH = 10;

  private WarmUp() {}

  /// Does nothing in a brief run.
  static void until(Effort effort, Supplier<Measured> load) {
    if (effort == Effort.BRIEF) {
      return;
    }
    long start = System.nanoTime();
    double least = Double.MAX_VALUE;
    int inVain = 0;
    while (inVain < IN_VAIN_ENOUGH && secondsSince(start) < SECONDS_MAX) {
      double cpu = load.get().cpuUsPerCall();
      boolean cheaper = cpu < least * 0.97;
      least = Math.min(least, cpu);
      inVain = cheaper || secondsSince(start) < effort.warmUpSeconds ? 0 : inVain + 1;
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
