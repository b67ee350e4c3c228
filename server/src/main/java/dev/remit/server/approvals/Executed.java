package dev.remit.server.approvals;

import dev.remit.kernel.identity.DecisionId;
import java.time.Instant;

/// What is known of a call that an approval was used for, as long as that is kept.
///
/// @param decision the decision it was sent under
/// @param usedAt when the approval was used up, which is before anything was sent
public record Executed(DecisionId decision, Instant usedAt, What what) {

  /// What became of it.
  public sealed interface What {

    /// It is under way, or a crash or a broken upstream has cut it off. It may have been executed.
    record Unknown() implements What {}

    /// Nothing reached the server.
    record NotSent() implements What {}

    /// It was answered.
    ///
    /// @param message the JSON-RPC message that the agent got; not copied
    @SuppressWarnings("ArrayRecordComponent") // passed on once and never compared
    record Answered(byte[] message) implements What {}

    /// It was answered with more than is kept.
    record TooLarge() implements What {}
  }
}
