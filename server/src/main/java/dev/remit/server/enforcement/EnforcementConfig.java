package dev.remit.server.enforcement;

import java.time.Duration;

/// What bounds the time without enforcement.
///
/// @param observeMax longest time that may be asked for
/// @param answerWithin how long a second person may take to agree
public record EnforcementConfig(Duration observeMax, Duration answerWithin) {
  public static final EnforcementConfig DEFAULT =
      new EnforcementConfig(Duration.ofHours(24), Duration.ofHours(1));
}
