package dev.remit.server.models;

import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Attached;
import dev.remit.server.tokens.TokenCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Why a question to a model did not pass. Expected, so a value and not an exception; [Wording]
/// says each once.
///
/// The order is that of the checks: the request itself, the token, the task and its grants, the
/// binding, what may be spent, policy and approval, the provider.
sealed interface Refusal {

  /// The token is missing or does not hold; never a [TokenCheck.Good].
  record BadToken(TokenCheck found) implements Refusal {}

  record UnknownResource(String resource) implements Refusal {}

  /// No model answers at the resource.
  record NoModels(ResourceName resource) implements Refusal {}

  /// Models answer there, in the other dialect.
  record OtherDialect(ResourceName resource, Endpoint endpoint) implements Refusal {}

  /// Nothing in [Endpoint] is called so.
  record UnknownPath(String path) implements Refusal {}

  record TooLarge(long bytesMax) implements Refusal {}

  /// Not JSON, or JSON that two readers could understand differently, or not a question.
  record NotAQuestion(String why) implements Refusal {}

  record TooManyTools(int toolsMax) implements Refusal {}

  /// No model of this name is declared there.
  record UnknownModel(ResourceName resource, String wireName) implements Refusal {}

  record WorkflowStopped(WorkflowName workflow) implements Refusal {}

  /// Its provider offers the model no longer.
  ///
  /// @param fallback what is declared to take its place; it has to be approved like any change
  record Withdrawn(ModelName model, Optional<ModelName> fallback) implements Refusal {}

  /// The task's scope does not cover the model.
  record OutsideTask(ModelName model) implements Refusal {}

  record NotGranted(ModelName model) implements Refusal {}

  /// It is granted to the agent, and not to `delegator`, for whom it acts.
  record NotTheDelegators(IdentityName delegator, ModelName model) implements Refusal {}

  record GrantExpired(GrantName grant, Instant at) implements Refusal {}

  record NotApproved(Bindings.Bound.Refused why) implements Refusal {}

  record RateSpent(long perMinuteMax) implements Refusal {}

  /// The task has no tokens left for it.
  ///
  /// @param most what this question could come to
  record TokensSpent(long max, long spent, long most) implements Refusal {}

  record CostSpent(long maxMicros, long spentMicros, long mostMicros) implements Refusal {}

  /// The provider would do something by itself that no policy lets it do.
  ///
  /// @param what `host` or `retain`
  record NotByProvider(String what, String item, Decision decision) implements Refusal {}

  record DeniedByPolicy(Decision.Deny decision) implements Refusal {}

  record Deferred(Decision.Defer decision) implements Refusal {}

  /// Not asked yet: a person must agree first.
  record AwaitingApproval(Approval approval) implements Refusal {}

  record TooManyHeld(Attached.Crowd crowd) implements Refusal {}

  /// What became of the approval: declined, lapsed, void or used.
  record NoApproval(Approval approval, String why) implements Refusal {}

  /// The provider could not be reached; nothing was sent.
  record Unreachable(String why) implements Refusal {}

  record TimedOut(Duration after) implements Refusal {}

  record BrokenAnswer(String why) implements Refusal {}

  /// It answered with a status of failure and nothing that a client could read.
  record ProviderFailed(int status) implements Refusal {}

  /// Somebody stopped the identity, workflow, person or task.
  record Cut(String why) implements Refusal {}

  record Stopping() implements Refusal {}

  /// The decision could not be recorded, so nothing was asked.
  record NotRecorded() implements Refusal {}

  record Bug() implements Refusal {}
}
