package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.approvals.Attached;
import dev.remit.server.tokens.TokenCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Why something did not pass. Expected, so a value and not an exception; [Wording] says each in
/// the protocol's own form.
///
/// The order is that of the checks: the request itself, the token, the task and its grants, the
/// tool's definition, policy and approval, the upstream.
sealed interface Refusal {

  /// The `Host` or `Origin` of the request is not one of ours: somebody's web page is calling.
  record ForeignSite(String header, String value) implements Refusal {}

  /// The token is missing or does not hold; never a [TokenCheck.Good].
  record BadToken(TokenCheck found) implements Refusal {}

  /// More bytes than the gateway reads.
  record TooLarge(long bytesMax) implements Refusal {}

  /// The body is not sent as JSON.
  record NotJsonType(String contentType) implements Refusal {}

  /// Not JSON, or JSON that two readers could understand differently.
  record NotJson(String why) implements Refusal {}

  /// JSON, but not one JSON-RPC message that may come from this side.
  record NotRpc(String why) implements Refusal {}

  record UnknownVersion(String requested) implements Refusal {}

  /// A header does not say what the body says, or is missing.
  record HeaderMismatch(String why) implements Refusal {}

  /// A parameter that the protocol requires is missing or wrong.
  record BadParams(String why) implements Refusal {}

  /// Nothing in [dev.remit.server.gateway.wire.Method] has this name in this era.
  record UnknownMethod(String method) implements Refusal {}

  /// No session of this id belongs to this task. Says the same whether it exists or not.
  record UnknownSession() implements Refusal {}

  /// The client answers a question that nobody asked it.
  record UnaskedAnswer() implements Refusal {}

  record UnknownResource(ResourceName resource) implements Refusal {}

  /// It is a database: whoever may reach it asks for a credential.
  record NoServer(ResourceName resource) implements Refusal {}

  /// It is no database, or has no such profile, so that there is no credential for it.
  record NoProfile(ResourceName resource, String profile) implements Refusal {}

  /// The task's scope names tools and not this profile.
  record ProfileOutsideTask(ToolName profile) implements Refusal {}

  /// Policy lets a credential be issued only once a person agrees, or for less than was asked.
  record NotJustSo(String decision) implements Refusal {}

  /// A credential is lent in a task of one's own only.
  record NotDelegated() implements Refusal {}

  /// The workflow was retired, or its pilot has expired.
  record WorkflowStopped(WorkflowName workflow) implements Refusal {}

  /// No grant reaches this resource at all.
  record OutOfReach(ResourceName resource) implements Refusal {}

  /// The task's scope does not cover the tool.
  record OutsideTask(ToolName tool) implements Refusal {}

  /// The scope covers it, but no grant names it.
  ///
  /// @param what the kind of thing, `tool`, `prompt` or `resource`
  record NotGranted(String what, String name) implements Refusal {}

  /// It is granted to the agent, and not to `delegator`, for whom it acts.
  record NotTheDelegators(IdentityName delegator, ResourceName resource) implements Refusal {}

  /// What decides the identity has not been approved, or behaves otherwise than what was.
  ///
  /// @param change its id; empty while none is opened
  /// @param next what to do, beginning with a command
  record ModelNotApproved(
      IdentityName identity, String change, String reason, String why, String next)
      implements Refusal {}

  record GrantExpired(GrantName grant, Instant at) implements Refusal {}

  record CallsSpent(long callsMax) implements Refusal {}

  /// Nobody has reviewed a tool of this name.
  record NotReviewed(ToolName tool) implements Refusal {}

  /// The server now defines the tool differently from what was reviewed.
  ///
  /// @param now digest of the definition that the server gives now
  record DefinitionChanged(ToolName tool, Digest now) implements Refusal {}

  /// The server no longer offers the tool that was reviewed.
  record ToolGone(ToolName tool) implements Refusal {}

  /// The server did not tell its tools, so nothing can be compared with what was reviewed.
  record DefinitionUnknown(ToolName tool, String why) implements Refusal {}

  /// The arguments break the reviewed schema.
  record BadArguments(ToolName tool, List<String> problems) implements Refusal {
    public BadArguments {
      problems = List.copyOf(problems);
    }
  }

  record DeniedByPolicy(Decision.Deny decision) implements Refusal {}

  /// Not decidable yet, so not executed.
  record Deferred(Decision.Defer decision, Instant retryAt) implements Refusal {}

  static Refusal deferred(Decision.Defer decision, Instant now) {
    return new Deferred(decision, now.plus(decision.retryAfter()));
  }

  /// Policy wants a person to agree first, and the protocol has no way to wait for one here.
  record CannotBeHeld(String method) implements Refusal {}

  /// What the client carries back is not a state of ours, or not for this request.
  ///
  /// @param how `invalid`, `foreign`, `expired` or `mismatched`
  record StateRefused(String how, String why) implements Refusal {}

  /// Not executed yet: a person must agree first.
  ///
  /// @param requestState for a client that comes back with it; empty for any other
  ///
  /// @param wanted how many people with which roles have yet to agree
  record AwaitingApproval(
      ApprovalId approval, List<String> wanted, Instant lapsesAt, String requestState)
      implements OfApproval {
    public AwaitingApproval {
      wanted = List.copyOf(wanted);
    }
  }

  /// Nobody is asked, because people are asked too much already.
  record TooManyHeld(Attached.Crowd crowd) implements Refusal {}

  /// A person said no.
  record Declined(ApprovalId approval, String reason) implements OfApproval {}

  /// Nothing answered within the time the policy gives.
  record Lapsed(ApprovalId approval) implements OfApproval {}

  /// What the approval was given for is no longer so; it is void.
  record ApprovalVoid(ApprovalId approval, String why) implements OfApproval {}

  /// The call was released once and is not made again; what became of it is not known.
  record OutcomeUnknown(ApprovalId approval, Instant usedAt) implements OfApproval {}

  /// The call was made and answered; the answer is not there any more, or never was kept.
  record OutcomeNotKept(ApprovalId approval, String why) implements OfApproval {}

  /// The server asks the agent's side for something that policy does not let it ask.
  record ServerMayNotAsk(String method) implements Refusal {}

  /// The upstream could not be reached; nothing was sent.
  record Unreachable(String why) implements Refusal {}

  /// The upstream was asked and gave no answer in time.
  record TimedOut(Duration after) implements Refusal {}

  /// The upstream was asked and its answer cannot be passed on.
  record BrokenAnswer(String why) implements Refusal {}

  /// The upstream answered, and the answer cannot be redacted as policy demands.
  record ResultWithheld(String why) implements Refusal {}

  /// Somebody stopped the identity, workflow, person or task while the call was under way.
  record Cut(String why) implements Refusal {}

  /// The server is shutting down and takes no new requests.
  record Stopping() implements Refusal {}

  /// The decision could not be recorded, so the call did not happen.
  record NotRecorded() implements Refusal {}

  /// The server failed in a way it does not expect.
  record Bug() implements Refusal {}

  /// One that an approval is the reason of.
  sealed interface OfApproval extends Refusal {
    ApprovalId approval();
  }
}
