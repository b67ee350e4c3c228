package dev.remit.server.approvals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import java.time.Instant;
import java.util.Optional;

/// What is left of an approval that was given for a task: further calls like the held one.
///
/// @param approval the approval by which it was given
/// @param covers digest of the kind of call, see [Binding#kind]
/// @param fixed digest of the arguments that every call must repeat, see [SameArguments]
/// @param used how many calls were let go on under it, the held one included
/// @param endedAt when it was used up, ran out or became void
public record Allowance(
    ApprovalId approval,
    Digest covers,
    Digest fixed,
    ForTask limits,
    State state,
    long used,
    Optional<Instant> endedAt) {

  /// How far it has come.
  public enum State {
    OPEN,

    /// Every use is taken.
    SPENT,

    /// Time ran out.
    LAPSED,

    /// What it rested on was stopped or has changed.
    VOID
  }
}
