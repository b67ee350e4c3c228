package dev.remit.server.gateway.upstream;

import java.time.Duration;
import java.time.Instant;

/// How long to leave a server alone that keeps dying: doubling from 100 ms to 30 s, forgotten once
/// one has lived for a minute.
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration HEALTHY = Duration.ofMinutes(1);

  private Duration pause = Duration.ZERO;
  private Instant until = Instant.MIN;

  /// Returns how long to wait at `now` before the next start; zero if it may start.
  synchronized Duration left(Instant now) {
    return now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
  }

  /// Notes that a child has died by itself.
  synchronized void died(Instant startedAt, Instant now) {
    if (Duration.between(startedAt, now).compareTo(HEALTHY) >= 0) {
      pause = Duration.ZERO;
      return;
    }
    pause = pause.isZero() ? FIRST : pause.multipliedBy(2);
    pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    until = now.plus(pause);
  }
}
