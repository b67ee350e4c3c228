package dev.remit.server.export;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after so many failures in a row: twice as long each time, up to a limit, and
/// somewhere in the upper half of that, so that many who failed together do not come back together.
final class Backoff {
  private static final int DOUBLINGS_MAX = 30;

  private Backoff() {}

  /// @param failures in a row, from 1
  static Duration after(int failures, Duration min, Duration max, RandomGenerator random) {
    long full =
        Math.min(max.toMillis(), min.toMillis() << Math.clamp(failures - 1, 0, DOUBLINGS_MAX));
    return Duration.ofMillis(full - (long) (random.nextDouble() * full / 2));
  }
}
