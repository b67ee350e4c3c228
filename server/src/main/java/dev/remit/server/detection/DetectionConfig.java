package dev.remit.server.detection;

import java.time.Duration;

/// When something counts as wrong.
///
/// @param every how often new entries are looked for
/// @param keyWithin within which time two identities are not to use one credential
/// @param lateAfter how long after the end of its task a credential may still be tried in good
///   faith
/// @param outsideMin how often an identity is refused what it has no grant for, or its task does
///   not cover, within `outsideWithin`, before that is wrong
/// @param placesWithin within which time one token is not to be used from two addresses
public record DetectionConfig(
    Duration every,
    Duration keyWithin,
    Duration lateAfter,
    int outsideMin,
    Duration outsideWithin,
    Duration placesWithin) {

  public static DetectionConfig defaults() {
    return new DetectionConfig(
        Duration.ofSeconds(1),
        Duration.ofDays(30),
        Duration.ofSeconds(10),
        5,
        Duration.ofMinutes(10),
        Duration.ofMinutes(1));
  }
}
