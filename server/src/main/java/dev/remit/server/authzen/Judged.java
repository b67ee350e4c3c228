package dev.remit.server.authzen;

import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Question;
import dev.remit.server.registry.Identity;
import java.util.Optional;

/// What is answered to one question.
sealed interface Judged {

  /// Whether the caller may let it happen. Only a plain allow: a hold waits for a person, and what
  /// has to be narrowed or put off is not allowed as it was asked.
  default boolean isAllowed() {
    return this instanceof ByPolicy(_, _, var decided, _)
        && decided.decision() instanceof Decision.Allow;
  }

  /// Policy has answered.
  ///
  /// @param task the task in which the caller says it is asked
  record ByPolicy(Identity identity, Question question, Decided decided, Optional<TaskId> task)
      implements Judged {}

  /// Something that comes before policy has said no.
  ///
  /// @param identity who was asked about, if that is known
  /// @param reasonCode a stable word, the same as the gateway's where it has one
  record Before(Optional<Identity> identity, String reasonCode, String detail, String next)
      implements Judged {}

  /// The asker may not ask this. It is not told whether what it named exists.
  record NotForYou() implements Judged {}

  /// The question cannot be understood.
  record Unreadable(String what) implements Judged {}
}
