package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Quorum;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.Asking;
import dev.remit.server.approvals.Attached;
import dev.remit.server.approvals.Binding;
import dev.remit.server.approvals.Executed;
import dev.remit.server.approvals.Wanted;
import dev.remit.server.assumptions.Broken;
import dev.remit.server.assumptions.Present;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Question;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.registry.Registry;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries on with a request that policy holds, from the approval it attaches to until it is
/// released, refused, or told to come again. The continuation of [GovernedCall]; read it from top
/// to bottom as well.
///
/// The approval's row is the authority; a request only waits for it a while, on its virtual thread
/// and in no transaction. Repeating the identical call finds the same row, before the call was made
/// and for a while after.
final class HeldCall {
  private static final Logger LOG = LoggerFactory.getLogger(HeldCall.class);

  private final InstantSource clock;
  private final Registry registry;
  private final Coverage coverage;
  private final Judging judging;
  private final Glass glass;
  private final Approvals approvals;
  private final CallRecords records;
  private final Delivery delivery;
  private final RequestStates states;
  private final GatewayConfig.Holding holding;
  private final Patience patience;
  private final Replay replay;

  HeldCall(
      InstantSource clock,
      Registry registry,
      Coverage coverage,
      Judging judging,
      Glass glass,
      Approvals approvals,
      CallRecords records,
      Delivery delivery,
      RequestStates states,
      GatewayConfig.Holding holding) {
    this.clock = clock;
    this.registry = registry;
    this.coverage = coverage;
    this.judging = judging;
    this.glass = glass;
    this.approvals = approvals;
    this.records = records;
    this.delivery = delivery;
    this.states = states;
    this.holding = holding;
    this.patience = new Patience(holding);
    this.replay = new Replay(clock, approvals, records, patience);
  }

  /// @param policies the set that holds the call; an approval is given under no other
  void hold(Call call, Asked asked, Decision.Hold hold, Digest policies, AgentSide agent)
      throws AgentGone {
    if (call.method() == Method.COMPLETION) {
      // Asked at each keystroke, each time for something else: nobody could answer that.
      Telling.tell(call, new Refusal.CannotBeHeld(call.method().toString()), agent);
      return;
    }
    switch (attached(call, asked, hold, policies)) {
      case Attached.To(var approval) -> await(call, approval, agent);
      case Attached.TooMany(var crowd) ->
          delivery.refuse(call, new Refusal.TooManyHeld(crowd), agent);
    }
  }

  private void await(Call call, Approval approval, AgentSide agent) throws AgentGone {
    Approval settled =
        patience.until(
            call,
            agent,
            "awaiting approval " + approval.id() + " by a person",
            patience -> approvals.await(approval.id(), patience),
            found -> found.state() != Approval.State.PENDING);
    if (settled == null) {
      Telling.tell(call, call.cutShort(), agent);
    } else {
      settle(call, settled, agent);
    }
  }

  /// A client that comes back with a state is waiting for one approval and no other; any other is
  /// told by the call itself.
  private Attached attached(Call call, Asked asked, Decision.Hold hold, Digest policies) {
    var waitedFor = states.of(call, clock.instant()).map(RequestStates.State::approval);
    return waitedFor
        .flatMap(approvals::find)
        .<Attached>map(Attached.To::new)
        .orElseGet(() -> approvals.attach(asking(call, asked, hold, policies), clock.instant()));
  }

  private Asking asking(Call call, Asked asked, Decision.Hold hold, Digest policies) {
    var params = call.message().params();
    return new Asking(
        binding(call, asked, policies),
        Resting.of(call, asked, policies, approvals.present().risks(), clock.instant()),
        hold,
        call.id(),
        ArgumentDigest.given(params),
        !ArgumentDigest.continues(params),
        after(call));
  }

  private static Optional<ApprovalId> after(Call call) {
    var again = call.message().params().again();
    try {
      return again.isEmpty() ? Optional.empty() : Optional.of(new ApprovalId(again));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Binding binding(Call call, Asked asked, Digest policies) {
    var claims = call.agent().claims();
    var definition =
        asked instanceof Asked.OfTool(var tool, _)
            ? Optional.of(tool.definition())
            : Optional.<Digest>empty();
    return new Binding(
        claims.identity(),
        claims.subject(),
        claims.workflow(),
        claims.task(),
        claims.intent(),
        call.agent().workflow().owner(),
        new Wanted(
            call.method().toString(),
            call.resource().name(),
            asked.item(),
            call.resource().upstream().digest(),
            definition),
        ArgumentDigest.of(call.message().params()),
        policies);
  }

  private void settle(Call call, Approval approval, AgentSide agent) throws AgentGone {
    switch (approval.state()) {
      case PENDING -> Telling.tell(call, awaiting(call, approval), agent);
      case GRANTED -> release(call, approval, agent);
      case DECLINED ->
          Telling.tell(call, new Refusal.Declined(approval.id(), why(approval)), agent);
      case LAPSED -> Telling.tell(call, new Refusal.Lapsed(approval.id()), agent);
      case VOID ->
          Telling.tell(call, new Refusal.ApprovalVoid(approval.id(), why(approval)), agent);
      case CONSUMED -> replay.of(call, approval, agent);
    }
  }

  /// A person has agreed, perhaps a while ago: everything is checked again, by what is declared
  /// now.
  private void release(Call held, Approval approval, AgentSide agent) throws AgentGone {
    var call = held.decidedAs(DecisionId.fresh(clock.instant()), registry.current());
    if (call.isEmpty()) {
      gone(held, approval, agent);
      return;
    }
    switch (coverage.of(call.get())) {
      case Admission.Found.Refused(var why) -> delivery.refuse(call.get(), why, agent);
      case Admission.Found.Covered(var asked) -> decide(held, call.get(), asked, approval, agent);
    }
  }

  /// Decides anew, with the approval as a fact.
  private void decide(Call held, Call again, Asked asked, Approval approval, AgentSide agent)
      throws AgentGone {
    switch (judging.of(again, asked, CallFacts.APPROVED)) {
      case Judging.Spent(var why) -> delivery.refuse(again, why, agent);
      case Judged found -> {
        var judged = glass.taken(found);
        var policies = judged.decided().policies();
        var now = binding(again, asked, policies);
        var present =
            new Present(again.agent().registered(), policies, approvals.present().risks());
        var broken = approval.brokenIn(present);
        if (!approval.binding().request().equals(now.request())) {
          delivery.refuse(
              judged.call(),
              new Refusal.ApprovalVoid(approval.id(), "it was given for another request"),
              agent);
        } else if (broken.isPresent()) {
          voided(judged.call(), approval, broken.get(), agent);
        } else {
          act(held, judged, asked, approval, agent);
        }
      }
    }
  }

  private void act(Call held, Judged judged, Asked asked, Approval approval, AgentSide agent)
      throws AgentGone {
    var call = judged.call();
    var question = judged.question();
    var decided = judged.decided();
    if (decided.isObserved()) {
      make(held, call, asked, question, decided, approval, agent);
      return;
    }
    switch (decided.decision()) {
      case Decision.Allow _, Decision.Modify _ ->
          make(held, call, asked, question, decided, approval, agent);
      case Decision.Hold _ -> {
        record(call, asked, question, decided, approval, agent);
        Telling.tell(
            call, new Refusal.ApprovalVoid(approval.id(), "policy wants another one"), agent);
      }
      case Decision.Defer defer -> {
        record(call, asked, question, decided, approval, agent);
        Telling.tell(call, Refusal.deferred(defer, clock.instant()), agent);
      }
      case Decision.Deny deny -> {
        record(call, asked, question, decided, approval, agent);
        Telling.tell(call, new Refusal.DeniedByPolicy(deny), agent);
      }
    }
  }

  /// Uses the approval up, then records the decision, then makes the call.
  ///
  /// A crash after the first leaves an approval that was used and a call that may not have been
  /// made: a repeat is told so, and it is not made again. Never the reverse.
  private void make(
      Call held,
      Call call,
      Asked asked,
      Question question,
      Decided decided,
      Approval approval,
      AgentSide agent)
      throws AgentGone {
    if (!approvals.consume(approval, call.id(), clock.instant())) {
      lost(held, approval, agent);
      return;
    }
    try {
      record(call, asked, question, decided, approval, agent);
    } catch (RuntimeException e) {
      keep(approval, new Executed.What.NotSent());
      throw e;
    }
    var decision =
        decided.isObserved() ? Delivery.unenforced(decided.decision()) : decided.decision();
    delivery.forward(call, decision, agent, what -> keep(approval, what));
  }

  /// Another retry of the same call was faster, or time ran out in between.
  private void lost(Call held, Approval approval, AgentSide agent) throws AgentGone {
    var now = approvals.find(approval.id()).orElse(approval);
    if (now.state() == Approval.State.GRANTED) {
      Telling.tell(held, new Refusal.Lapsed(approval.id()), agent);
    } else {
      settle(held, now, agent);
    }
  }

  /// The call is over; that its outcome could not be kept must not undo it. A repeat is then told
  /// that nothing is known.
  private void keep(Approval approval, Executed.What what) {
    try {
      approvals.executed(approval.id(), what);
    } catch (DatabaseUnavailable e) {
      LOG.warn("what became of {} could not be kept", approval.id(), e);
    }
  }

  private void voided(Call call, Approval approval, Broken broken, AgentSide agent)
      throws AgentGone {
    approvals.voided(approval, broken, clock.instant());
    delivery.refuse(call, new Refusal.ApprovalVoid(approval.id(), broken.how()), agent);
  }

  private void gone(Call call, Approval approval, AgentSide agent) throws AgentGone {
    var broken = approval.brokenIn(approvals.present());
    broken.ifPresent(it -> approvals.voided(approval, it, clock.instant()));
    delivery.refuse(
        call,
        new Refusal.ApprovalVoid(
            approval.id(),
            broken.map(Broken::how).orElse("the workflow or the resource is no longer declared")),
        agent);
  }

  private void record(
      Call call,
      Asked asked,
      Question question,
      Decided decided,
      Approval approval,
      AgentSide agent) {
    agent.show(
        call.id(),
        records.decided(
            call, asked, question, decided, Optional.of(approval.id()), clock.instant()));
  }

  private Refusal awaiting(Call call, Approval approval) {
    return new Refusal.AwaitingApproval(
        approval.id(),
        approval.wanted().stream().map(Quorum::toString).sorted().toList(),
        approval.lapsesAt(),
        stateFor(call, approval));
  }

  /// The state to come back with, empty for a client that does not, or has come back often enough:
  /// it is told to repeat the call itself, before it gives up by itself.
  private String stateFor(Call call, Approval approval) {
    int rounds = states.of(call, clock.instant()).map(RequestStates.State::round).orElse(0);
    boolean can =
        call.era() == Era.MODERN
            && call.method().mayRequireInput()
            && call.message().params().comesBack()
            && !ArgumentDigest.continues(call.message().params())
            && rounds < holding.roundsMax();
    return can
        ? states.seal(call, new RequestStates.State(approval.id(), rounds + 1, approval.lapsesAt()))
        : "";
  }

  private static String why(Approval approval) {
    return approval.answer().map(Approval.Answer::reason).orElse("");
  }
}
