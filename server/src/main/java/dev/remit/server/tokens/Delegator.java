package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import java.util.List;
import java.util.stream.Stream;

/// One who handed a part of a task on. What is done with the part counts as done in their task too,
/// needs their grants and their policy as well, and ends with their task.
///
/// @param subject the identity's name outside Remit
/// @param task the task of which a part was handed on
/// @param callsMax calls that this part and everything beneath it may make altogether
/// @param epochs the standings that the part was handed on under
public record Delegator(
    IdentityName identity,
    SpiffeId subject,
    WorkflowName workflow,
    TaskId task,
    long callsMax,
    Epochs epochs) {

  /// Returns the delegators of what `claims` hands on: its own, and then whom it belongs to.
  static List<Delegator> of(TaskClaims claims, Epochs epochs) {
    var last =
        new Delegator(
            claims.identity(),
            claims.subject(),
            claims.workflow(),
            claims.task(),
            claims.scope().callsMax(),
            epochs);
    return Stream.concat(claims.delegators().stream(), Stream.of(last)).toList();
  }
}
