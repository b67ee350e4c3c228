package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.task.TaskScope;
import java.time.Instant;
import java.util.Optional;

/// One bounded piece of work of one identity.
///
/// @param subject the identity's name outside Remit when the task was started
/// @param intent what it is for; one of the workflow's intents
/// @param scope the most it may do; its `expiresAt` is the task's own end
/// @param ended when and how it ended, if somebody ended it; running out needs nobody
/// @param parent the task of which this is a delegated part, if it is one
public record Task(
    TaskId id,
    IdentityName identity,
    SpiffeId subject,
    WorkflowName workflow,
    String intent,
    TaskScope scope,
    Instant startedAt,
    Optional<Ending> ended,
    Optional<TaskId> parent) {

  /// That somebody ended the task.
  ///
  /// @param by who: a SPIFFE ID, or a person's name
  public record Ending(Instant at, String by) {}

  public boolean isAlive(Instant now) {
    return ended.isEmpty() && now.isBefore(scope.expiresAt());
  }
}
