package dev.remit.server.lending;

import java.time.Duration;

/// Bounds of lending.
///
/// @param perTaskMax credentials that one task may have at once
/// @param lifetimeMax longest life of one; a task's end comes first
/// @param within how long making one may take, and a statement at its database
/// @param stuckAfter how long taking one away may take before it is an alarm
/// @param sweepEvery how often every database is looked at for what should not be there
/// @param revocationsAtOnce how many are taken away at the same time
/// @param connectionsMax connections to one database
/// @param completionWait how long completing a task waits for its credentials to be gone
/// @param linkFor how long a link that shows a secret is good
public record LendingConfig(
    int perTaskMax,
    Duration lifetimeMax,
    Duration within,
    Duration stuckAfter,
    Duration sweepEvery,
    int revocationsAtOnce,
    int connectionsMax,
    Duration completionWait,
    Duration linkFor) {

  public static final LendingConfig DEFAULT =
      new LendingConfig(
          4,
          Duration.ofHours(1),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          8,
          16,
          Duration.ofSeconds(5),
          Duration.ofMinutes(1));
}
