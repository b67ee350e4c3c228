package dev.remit.conformance.bench;

import java.util.Arrays;
import java.util.List;

/// What one load gave.
///
/// @param calls how many calls were answered
/// @param p50Us median latency in microseconds
/// @param p99Us 99th percentile of latency in microseconds
/// @param perSecond calls answered per second of wall time
/// @param cpuUsPerCall CPU of the processes between client and upstream, in microseconds a call; 0
///   where there is none
public record Measured(
    long calls, double p50Us, double p99Us, double perSecond, double cpuUsPerCall) {

  /// Returns the figures of one load.
  ///
  /// @param latenciesNanos one for each call answered; not empty
  static Measured of(long[] latenciesNanos, double wallSeconds, double cpuMicros) {
    var sorted = latenciesNanos.clone();
    Arrays.sort(sorted);
    return new Measured(
        sorted.length,
        sorted[sorted.length / 2] / 1e3,
        sorted[(int) (sorted.length * 0.99)] / 1e3,
        sorted.length / wallSeconds,
        cpuMicros / sorted.length);
  }

  /// Returns what is known when only CPU was measured, on one thread.
  static Measured ofCpu(double cpuUsPerCall) {
    return new Measured(1, 0, 0, 1e6 / cpuUsPerCall, cpuUsPerCall);
  }

  /// Returns the median of each figure over several rounds.
  static Measured median(List<Measured> rounds) {
    return new Measured(
        rounds.stream().mapToLong(Measured::calls).sum(),
        median(rounds.stream().mapToDouble(Measured::p50Us).toArray()),
        median(rounds.stream().mapToDouble(Measured::p99Us).toArray()),
        median(rounds.stream().mapToDouble(Measured::perSecond).toArray()),
        median(rounds.stream().mapToDouble(Measured::cpuUsPerCall).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
