package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.Binding;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.gateway.wire.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Carries one decided request (`tools/call`, `prompts/get`, `resources/read`, …) from an agent to
/// its server and back. This file is the whole path behind the [Door], where the token and standing
/// were checked: read it from top to bottom to know what is enforced, and in which order.
///
/// Blocks; runs on its own virtual thread. Throws only when something it needs cannot be reached,
/// and always before anything has been sent.
final class GovernedCall {
  private final InstantSource clock;
  private final Coverage coverage;
  private final Decisions decisions;
  private final Approvals approvals;
  private final CallRecords records;
  private final TaskUse use;
  private final LastLook lastLook;
  private final Carriage carriage;
  private final GatewayConfig config;

  GovernedCall(
      InstantSource clock,
      Coverage coverage,
      Decisions decisions,
      Approvals approvals,
      CallRecords records,
      TaskUse use,
      LastLook lastLook,
      Carriage carriage,
      GatewayConfig config) {
    this.clock = clock;
    this.coverage = coverage;
    this.decisions = decisions;
    this.approvals = approvals;
    this.records = records;
    this.use = use;
    this.lastLook = lastLook;
    this.carriage = carriage;
    this.config = config;
  }

  /// Scope, grant, the tool's pinned definition and its arguments' schema come before policy.
  void carry(Call call, AgentSide agent) throws AgentGone {
    switch (covered(call)) {
      case Admission.Found.Refused(var why) -> refuse(call, why, agent);
      case Admission.Found.Covered(var asked) -> decide(call, asked, agent);
    }
  }

  /// Checking a definition may mean asking the server for it, so this part can be cut.
  private Admission.Found covered(Call call) {
    if (!call.exchange().begin()) {
      return new Admission.Found.Refused(cutShort(call));
    }
    try {
      return coverage.of(call);
    } finally {
      call.exchange().end();
    }
  }

  private void decide(Call call, Asked asked, AgentSide agent) throws AgentGone {
    var decided = decisions.decide(question(call, asked, CallFacts.NONE));

    // Recorded before it is acted on: a crash from here on leaves a decision without an outcome,
    // which review can see, and never an outcome without a decision, which it could not.
    agent.show(call.id(), records.decided(call, asked, decided, Optional.empty(), clock.instant()));

    switch (decided.decision()) {
      case Decision.Allow _ -> forward(call, asked, agent);
      case Decision.Hold hold -> hold(call, asked, hold, decided.policies(), agent);
      case Decision.Deny deny -> Telling.tell(call, new Refusal.DeniedByPolicy(deny), agent);
    }
  }

  /// The approval's row is the authority; this request only waits for it a while. Repeating the
  /// identical call finds the same row.
  private void hold(Call call, Asked asked, Decision.Hold hold, Digest policies, AgentSide agent)
      throws AgentGone {
    if (!(asked instanceof Asked.OfTool(var tool, _))) {
      Telling.tell(call, new Refusal.ServerMayNotAsk(call.method().toString()), agent);
      return;
    }
    var claims = call.agent().claims();
    var arguments = call.message().params().arguments();
    var binding =
        new Binding(
            claims.identity(),
            claims.subject(),
            claims.workflow(),
            claims.task(),
            claims.intent(),
            call.agent().workflow().owner(),
            tool.name(),
            tool.definition(),
            ArgumentDigest.of(arguments),
            policies);
    var opened = approvals.attach(binding, hold, call.id(), arguments.toString(), clock.instant());

    switch (waited(call, opened)) {
      case null -> Telling.tell(call, cutShort(call), agent);
      case Approval approval -> settled(call, asked, approval, policies, agent);
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
    if (covered(call) instanceof Admission.Found.Refused(var why)) {
      refuse(call, why, agent);
      return;
    }
    var decided = decisions.decide(question(call, asked, new CallFacts(true, 0)));
    if (!decided.policies().equals(policies)) {
      refuse(call, new Refusal.ApprovalVoid(approval.id(), "the policies have changed"), agent);
      return;
    }
    if (!approvals.consume(approval, clock.instant())) {
      refuse(call, new Refusal.ApprovalVoid(approval.id(), "it was used already"), agent);
      return;
    }
    record(call, asked, decided, approval.id(), agent);

    switch (decided.decision()) {
      case Decision.Allow _ -> forward(call, asked, agent);
      case Decision.Hold _ ->
          Telling.tell(
              call, new Refusal.ApprovalVoid(approval.id(), "policy wants another one"), agent);
      case Decision.Deny deny -> Telling.tell(call, new Refusal.DeniedByPolicy(deny), agent);
    }
  }

  private void record(Call call, Asked asked, Decided decided, ApprovalId id, AgentSide agent) {
    agent.show(call.id(), records.decided(call, asked, decided, Optional.of(id), clock.instant()));
  }

  private void forward(Call call, Asked asked, AgentSide agent) throws AgentGone {
    var start = System.nanoTime();
    var carried = lastLook.of(call, asked).orElseGet(() -> send(call, agent));

    switch (carried) {
      case Carried.Ended(var outcome) -> ended(call, outcome, start);
      case Carried.Failed(var outcome, var why) -> {
        ended(call, outcome, start);
        Telling.tell(call, why, agent);
      }
      case Carried.Suspended() -> {
        // The outcome is recorded when the answer comes on a resumed stream, or the session ends.
      }
    }
  }

  /// The credential is opened by the route, for this call only and after its decision is durable.
  private Carried send(Call call, AgentSide agent) {
    return carriage.carry(call, agent, GovernedCall::untouched, config.answerWithin());
  }

  private void ended(Call call, Outcome outcome, long start) {
    var took = Duration.ofNanos(System.nanoTime() - start);
    records.ended(call.id(), call.agent().claims(), outcome, took, clock.instant());
  }

  private void refuse(Call call, Refusal why, AgentSide agent) throws AgentGone {
    agent.show(call.id(), records.refused(call, why, clock.instant()));
    Telling.tell(call, why, agent);
  }

  private Question question(Call call, Asked asked, CallFacts facts) {
    return new Question(
        call.agent().claims().identity(),
        use.facts(call.agent().claims()),
        asked.action(),
        asked.target(),
        new Arguments.Given(call.message().params().arguments()),
        facts,
        clock.instant());
  }

  /// Waits for a person; null if the wait itself was cut. Only this part can be interrupted.
  private @org.jspecify.annotations.Nullable Approval waited(Call call, Approval opened) {
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

  private static Refusal awaiting(Approval approval) {
    Instant lapsesAt = approval.lapsesAt();
    return new Refusal.AwaitingApproval(
        approval.id(),
        approval.roles().stream().map(role -> role.word()).sorted().toList(),
        lapsesAt);
  }

  private static Refusal cutShort(Call call) {
    return new Refusal.Cut(call.exchange().cutBecause().orElse("the wait was given up"));
  }

  private static AnswerRule.Passing untouched(Message.Answer answer, byte[] bytes) {
    return new AnswerRule.Passing.Untouched();
  }
}
