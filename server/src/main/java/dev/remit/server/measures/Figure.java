package dev.remit.server.measures;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalDouble;

/// One number of a balance.
///
/// @param value empty where nothing of the kind happened in the period: that is not zero
/// @param unit such as `s`, `%`, `calls`
/// @param says what was counted, in one clause
record Figure(String name, OptionalDouble value, String unit, String says) {

  static Figure count(String name, long value, String unit, String says) {
    return new Figure(name, OptionalDouble.of((double) value), unit, says);
  }

  /// How many of `whole`, in percent; unknown of nothing.
  static Figure share(String name, long part, long whole, String says) {
    return new Figure(
        name,
        whole == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * part / whole),
        "%",
        says);
  }

  /// Parts in a thousand of `whole`; unknown of nothing.
  static Figure perThousand(String name, double part, long whole, String unit, String says) {
    return new Figure(
        name,
        whole == 0 ? OptionalDouble.empty() : OptionalDouble.of(1000 * part / whole),
        unit,
        says);
  }

  /// The median of what took time, in seconds.
  static Figure median(String name, Collection<Duration> each, String says) {
    return new Figure(name, median(each), "s", says);
  }

  static OptionalDouble median(Collection<Duration> each) {
    double[] sorted = each.stream().mapToDouble(one -> one.toNanos() / 1e9).sorted().toArray();
    int n = sorted.length;
    return n == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Arrays.stream(sorted, (n - 1) / 2, n / 2 + 1).average().orElseThrow());
  }
}
