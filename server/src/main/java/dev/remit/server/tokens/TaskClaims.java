package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.task.TaskScope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a checked task token says: who acts, for which task, how far, and until when.
///
/// @param identity the workload
/// @param subject its name outside Remit, the token's `sub`
/// @param workflow the business process the task belongs to
/// @param task the task that the token lives and dies with
/// @param intent what the task declared to be for; one of the workflow's intents
/// @param scope the most that the task may do by this token
/// @param expiresAt first instant at which the token is refused
/// @param jti the token's own id, as in the ledger
/// @param delegators who handed this work on, the first of them first; empty for work of one's own
/// @param mayAct who may act for the identity by this token; such a token is good for nothing else
/// @param epochs the standings that it was minted under
/// @param binding to whose key the token is bound
/// @param onBehalf the person for whom all of it is done, where one signed in
public record TaskClaims(
    IdentityName identity,
    SpiffeId subject,
    WorkflowName workflow,
    TaskId task,
    String intent,
    TaskScope scope,
    Instant expiresAt,
    String jti,
    List<Delegator> delegators,
    Optional<SpiffeId> mayAct,
    Epochs epochs,
    Binding binding,
    Optional<OnBehalf> onBehalf) {

  public TaskClaims {
    delegators = List.copyOf(delegators);
  }

  /// Returns the tasks that what is done counts for: those of whoever delegated, the first of them
  /// first, and last the one that does it.
  public List<TaskId> tasks() {
    return Stream.concat(delegators.stream().map(Delegator::task), Stream.of(task)).toList();
  }

  /// Whether a suspension of `party` ends what is done by this token.
  public boolean isUnder(Party party) {
    return epochs.isUnder(identity, workflow, party)
        || delegators.stream()
            .anyMatch(one -> one.epochs().isUnder(one.identity(), one.workflow(), party));
  }

  /// Returns who answers for what is done, in the same order.
  public List<IdentityName> identities() {
    return Stream.concat(delegators.stream().map(Delegator::identity), Stream.of(identity))
        .toList();
  }
}
