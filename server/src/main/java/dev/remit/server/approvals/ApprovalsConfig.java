package dev.remit.server.approvals;

import java.time.Duration;

/// The limits of what is kept of executed calls.
///
/// @param outcomeFor how long the outcome of a call made under an approval is kept for a repeat
/// @param outcomeBytesMax the longest answer that is kept
public record ApprovalsConfig(Duration outcomeFor, int outcomeBytesMax) {
  public static final ApprovalsConfig DEFAULT =
      new ApprovalsConfig(Duration.ofMinutes(10), 1024 * 1024);
}
