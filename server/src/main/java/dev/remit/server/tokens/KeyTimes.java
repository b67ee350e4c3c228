package dev.remit.server.tokens;

import java.time.Duration;

/// When the keys that sign task tokens change.
///
/// @param rotateEvery how long one key signs before the next takes over; an hour to 400 days
/// @param publishAhead how long the next one is published before it signs, so that whoever keeps
///   the published keys has it by then; 6 minutes to a day and less than `rotateEvery`
public record KeyTimes(Duration rotateEvery, Duration publishAhead) {
  private static final Duration ROTATE_MIN = Duration.ofHours(1);
  private static final Duration ROTATE_MAX = Duration.ofDays(400);

  /// Readers keep the published keys for five minutes, and a node looks for news every minute.
  private static final Duration AHEAD_MIN = Duration.ofMinutes(6);

  private static final Duration AHEAD_MAX = Duration.ofDays(1);

  public KeyTimes {
    if (rotateEvery.compareTo(ROTATE_MIN) < 0 || rotateEvery.compareTo(ROTATE_MAX) > 0) {
      throw new IllegalArgumentException(
          "`rotateEvery` is from " + ROTATE_MIN + " to " + ROTATE_MAX + ", was " + rotateEvery);
    }
    if (publishAhead.compareTo(AHEAD_MIN) < 0
        || publishAhead.compareTo(AHEAD_MAX) > 0
        || publishAhead.compareTo(rotateEvery) >= 0) {
      throw new IllegalArgumentException(
          "`publishAhead` is from %s to %s and less than `rotateEvery`, was %s"
              .formatted(AHEAD_MIN, AHEAD_MAX, publishAhead));
    }
  }

  public static KeyTimes defaults() {
    return new KeyTimes(Duration.ofDays(30), Duration.ofMinutes(10));
  }
}
