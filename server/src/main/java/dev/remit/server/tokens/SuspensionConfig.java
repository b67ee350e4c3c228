package dev.remit.server.tokens;

import java.time.Duration;

/// Bounds of stopping and letting go on.
///
/// @param resumeWithin how long a second person has to agree to a resumption
/// @param measureWithin how long is waited for every part of a suspension or completion before its
///   outcome is recorded with what is still under way
public record SuspensionConfig(Duration resumeWithin, Duration measureWithin) {
  public static final SuspensionConfig DEFAULT =
      new SuspensionConfig(Duration.ofHours(24), Duration.ofSeconds(10));
}
