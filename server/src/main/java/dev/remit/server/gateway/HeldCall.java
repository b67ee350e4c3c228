package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.Binding;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decisions;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Carries on with a request that policy holds, from the approval it attaches to until it is
/// released, refused, or told to come again. The continuation of [GovernedCall]; read it from top
/// to bottom as well.
///
/// The approval's row is the authority; a request only waits for it a while, on its virtual thread
/// and in no transaction. Repeating the identical call finds the same row.
final class HeldCall {
  private final InstantSource clock;
  private final Coverage coverage;
  private final Decisions decisions;
  private final Approvals approvals;
  private final CallRecords records;
  private final TaskUse use;
  private final Delivery delivery;
  private final GatewayConfig config;

  HeldCall(
      InstantSource clock,
      Coverage coverage,
      Decisions decisions,
      Approvals approvals,
      CallRecords records,
      TaskUse use,
      Delivery delivery,
      GatewayConfig config) {
    this.clock = clock;
    this.coverage = coverage;
    this.decisions = decisions;
    this.approvals = approvals;
    this.records = records;
    this.use = use;
    this.delivery = delivery;
    this.config = config;
  }

  /// @param policies the set that holds the call; an approval is given under no other
  void hold(Call call, Asked asked, Decision.Hold hold, Digest policies, AgentSide agent)
      throws AgentGone {
    if (!(asked instanceof Asked.OfTool ofTool)) {
      Telling.tell(call, new Refusal.ServerMayNotAsk(call.method().toString()), agent);
      return;
    }
    var shown = call.message().params().arguments().toString();
    var opened =
        approvals.attach(binding(call, ofTool, policies), hold, call.id(), shown, clock.instant());

    switch (waited(call, opened)) {
      case null -> Telling.tell(call, call.cutShort(), agent);
      case Approval approval -> settled(call, asked, approval, policies, agent);
    }
  }

  private static Binding binding(Call call, Asked.OfTool asked, Digest policies) {
    var claims = call.agent().claims();
    return new Binding(
        claims.identity(),
        claims.subject(),
        claims.workflow(),
        claims.task(),
        claims.intent(),
        call.agent().workflow().owner(),
        asked.tool().name(),
        asked.tool().definition(),
        ArgumentDigest.of(call.message().params().arguments()),
        policies);
  }

  /// Waits for a person; null if the wait itself was cut. Only this part can be interrupted.
  private @Nullable Approval waited(Call call, Approval opened) {
    if (!call.exchange().begin()) {
      return null;
    }
    try {
      return approvals.await(opened.id(), config.holdFor());
    } catch (InterruptedException e) {
      return null;
    } finally {
      call.exchange().end();
    }
  }

  private void settled(Call call, Asked asked, Approval approval, Digest policies, AgentSide agent)
      throws AgentGone {
    switch (approval.state()) {
      case PENDING -> Telling.tell(call, awaiting(approval), agent);
      case GRANTED -> release(call, asked, approval, policies, agent);
      case DECLINED ->
          Telling.tell(
              call,
              new Refusal.Declined(
                  approval.id(), approval.answer().map(Approval.Answer::reason).orElse("")),
              agent);
      case LAPSED -> Telling.tell(call, new Refusal.Lapsed(approval.id()), agent);
      case VOID, CONSUMED ->
          Telling.tell(call, new Refusal.ApprovalVoid(approval.id(), "it is used up"), agent);
    }
  }

  /// A person has agreed, perhaps a while ago: everything is checked again, then the approval is
  /// used up, then the call is decided anew, with the approval as a fact.
  private void release(Call held, Asked asked, Approval approval, Digest policies, AgentSide agent)
      throws AgentGone {
    var call = held.decidedAs(DecisionId.fresh(clock.instant()));
    if (coverage.of(call) instanceof Admission.Found.Refused(var why)) {
      delivery.refuse(call, why, agent);
      return;
    }
    var facts = use.facts(call.agent().claims());
    var question = call.question(asked, facts, new CallFacts(true, 0), clock.instant());
    var decided = decisions.decide(question);
    if (!decided.policies().equals(policies)) {
      delivery.refuse(call, voided(approval, "the policies have changed"), agent);
      return;
    }
    if (!approvals.consume(approval, clock.instant())) {
      delivery.refuse(call, voided(approval, "it was used already"), agent);
      return;
    }
    agent.show(
        call.id(),
        records.decided(
            call, asked, question, decided, Optional.of(approval.id()), clock.instant()));

    switch (decided.decision()) {
      case Decision.Allow _ -> delivery.forward(call, asked, agent);
      case Decision.Modify modify -> Telling.tell(call, Delivery.notNarrowed(modify), agent);
      case Decision.Defer defer ->
          Telling.tell(call, Refusal.deferred(defer, clock.instant()), agent);
      case Decision.Hold _ ->
          Telling.tell(call, voided(approval, "policy wants another one"), agent);
      case Decision.Deny deny -> Telling.tell(call, new Refusal.DeniedByPolicy(deny), agent);
    }
  }

  private static Refusal voided(Approval approval, String why) {
    return new Refusal.ApprovalVoid(approval.id(), why);
  }

  private static Refusal awaiting(Approval approval) {
    return new Refusal.AwaitingApproval(
        approval.id(),
        approval.roles().stream().map(Role::word).sorted().toList(),
        approval.lapsesAt());
  }
}
