package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
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
/// @param person for whom it is done, where a person signed in
public record Task(
    TaskId id,
    IdentityName identity,
    SpiffeId subject,
    WorkflowName workflow,
    String intent,
    TaskScope scope,
    Instant startedAt,
    Optional<Ending> ended,
    Optional<TaskId> parent,
    Optional<PersonName> person) {

  /// That somebody ended the task.
  ///
  /// @param by who: a SPIFFE ID, or a person's name
  public record Ending(Instant at, String by) {}

  /// Returns the same with another scope.
  Task within(TaskScope other) {
    return new Task(
        id, identity, subject, workflow, intent, other, startedAt, ended, parent, person);
  }

  public boolean isAlive(Instant now) {
    return ended.isEmpty() && now.isBefore(scope.expiresAt());
  }
}
