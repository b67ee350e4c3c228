package dev.remit.server.models;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.Attached;
import dev.remit.server.approvals.Binding;
import dev.remit.server.approvals.Executed;
import dev.remit.server.approvals.SameArguments;
import dev.remit.server.approvals.Wanted;
import dev.remit.server.assumptions.Assumption;
import dev.remit.server.assumptions.Assumptions;
import dev.remit.server.assumptions.Present;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.models.GovernedQuestion.Asks;
import dev.remit.server.registry.Registry;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries on with a question that policy holds, from the approval it attaches to until it is
/// released, refused, or told to come again. The continuation of [GovernedQuestion].
///
/// The request waits a while on its virtual thread; then it is told to come back with 409, which
/// the official clients do by themselves. The identical request finds the same approval. An answer
/// is not kept: what was asked once under an approval takes another one.
final class HeldQuestion {
  private static final Logger LOG = LoggerFactory.getLogger(HeldQuestion.class);

  private final InstantSource clock;
  private final Registry registry;
  private final Bindings bindings;
  private final Approvals approvals;
  private final Decisions decisions;
  private final Fulfilling fulfilling;
  private final Questions questions;
  private final QuestionRecords records;
  private final Asking asking;
  private final Duration holdFor;

  HeldQuestion(
      InstantSource clock,
      Registry registry,
      Bindings bindings,
      Approvals approvals,
      Decisions decisions,
      Fulfilling fulfilling,
      Questions questions,
      QuestionRecords records,
      Asking asking,
      Duration holdFor) {
    this.clock = clock;
    this.registry = registry;
    this.bindings = bindings;
    this.approvals = approvals;
    this.decisions = decisions;
    this.fulfilling = fulfilling;
    this.questions = questions;
    this.records = records;
    this.asking = asking;
    this.holdFor = holdFor;
  }

  /// Holds it until somebody has answered or patience ends; says whether it was sent.
  boolean hold(Asks asks, Decision.Hold hold, Digest policies, AgentSide agent)
      throws AgentSide.Gone {
    var asked = asks.asked();
    var wanted =
        new dev.remit.server.approvals.Asking(
            binding(asked, policies),
            resting(asked, policies),
            hold,
            asked.id(),
            asked.json(),
            false,
            Optional.empty());
    switch (approvals.attach(wanted, clock.instant())) {
      case Attached.TooMany(var crowd) -> agent.refuse(new Refusal.TooManyHeld(crowd));
      case Attached.To(var approval) -> {
        return await(asks, approval, agent);
      }
    }
    return false;
  }

  private boolean await(Asks asks, Approval approval, AgentSide agent) throws AgentSide.Gone {
    var exchange = asks.asked().exchange();
    Optional<Approval> settled = Optional.empty();
    if (exchange.begin()) {
      try {
        settled = Optional.of(approvals.await(approval.id(), holdFor));
      } catch (InterruptedException e) {
        LOG.debug("a held question was cut", e);
      } finally {
        exchange.end();
      }
    }
    if (settled.isEmpty()) {
      agent.refuse(new Refusal.Cut(exchange.cut().map(cut -> cut.why()).orElse("stopped")));
      return false;
    }
    return settle(asks, settled.get(), agent);
  }

  private boolean settle(Asks asks, Approval approval, AgentSide agent) throws AgentSide.Gone {
    switch (approval.state()) {
      case PENDING -> agent.refuse(new Refusal.AwaitingApproval(approval));
      case GRANTED -> {
        return release(asks, approval, agent);
      }
      case DECLINED ->
          agent.refuse(
              new Refusal.NoApproval(
                  approval, approval.answer().map(Approval.Answer::reason).orElse("declined")));
      case LAPSED -> agent.refuse(new Refusal.NoApproval(approval, "nobody answered in time"));
      case VOID -> agent.refuse(new Refusal.NoApproval(approval, "what it rested on has changed"));
      case CONSUMED ->
          agent.refuse(new Refusal.NoApproval(approval, "the question was asked once already"));
    }
    return false;
  }

  /// A person has agreed, perhaps a while ago: everything is checked again, by what is declared
  /// now.
  private boolean release(Asks held, Approval approval, AgentSide agent) throws AgentSide.Gone {
    var now = registry.current();
    var before = held.asked();
    var workflow = now.workflow(before.claims().workflow());
    var resource = now.resource(before.resource().name());
    var model = now.model(before.model().name());
    if (workflow.isEmpty() || resource.isEmpty() || model.isEmpty()) {
      agent.refuse(new Refusal.NoApproval(approval, "the model or its resource is gone"));
      return false;
    }
    var asked =
        new Asked(
            DecisionId.fresh(clock.instant()),
            before.token(),
            before.claims(),
            workflow.get(),
            now,
            resource.get(),
            model.get(),
            before.grants(),
            before.request(),
            before.json(),
            before.bytes(),
            before.headers(),
            before.exchange());
    switch (Coverage.of(asked, clock.instant())) {
      case Coverage.Found.Refused(var why) -> {
        agent.show(asked.id(), records.refused(asked, why, clock.instant()));
        agent.refuse(why);
        return false;
      }
      case Coverage.Found.Covered(var grants) -> {
        return bind(asked.granted(grants), held, approval, agent);
      }
    }
  }

  private boolean bind(Asked asked, Asks held, Approval approval, AgentSide agent)
      throws AgentSide.Gone {
    var bound = bindings.of(asked.claims().identity(), asked.request(), clock.instant());
    if (bound instanceof Bindings.Bound.Refused refused) {
      var why = new Refusal.NotApproved(refused);
      agent.show(asked.id(), records.refused(asked, why, clock.instant()));
      agent.refuse(why);
      return false;
    }
    boolean readOnly = bound instanceof Bindings.Bound.Suspect;
    var asks = new Asks(asked, readOnly, held.secrets(), held.reserved());
    return decide(asks, approval, agent);
  }

  /// Decides anew, with the approval as a fact.
  private boolean decide(Asks asks, Approval approval, AgentSide agent) throws AgentSide.Gone {
    var asked = asks.asked();
    var question = questions.asking(asks, CallFacts.APPROVED, clock.instant());
    var decided = fulfilling.of(asks, decisions.decide(question));
    var policies = decided.policies();
    var present = new Present(asked.registered(), policies, approvals.present().risks());
    var broken = approval.brokenIn(present);
    if (!approval.binding().request().equals(binding(asked, policies).request())
        || broken.isPresent()) {
      broken.ifPresent(it -> approvals.voided(approval, it, clock.instant()));
      agent.refuse(new Refusal.NoApproval(approval, "what it rested on has changed"));
      return false;
    }
    var sending = fulfilling.sending(asks, decided);
    // Used up first: a crash after it leaves an approval that was used and a question that may not
    // have been asked, and never one that is asked twice.
    if (sending.isPresent() && !approvals.consume(approval, asked.id(), clock.instant())) {
      agent.refuse(new Refusal.NoApproval(approval, "another request was faster"));
      return false;
    }
    agent.show(
        asked.id(),
        records.decided(
            asked,
            question,
            decided,
            sending,
            asks.reserved(),
            Optional.of(approval.id()),
            clock.instant()));
    if (sending.isPresent()) {
      asking.forward(asks, sending.get(), agent, isSent -> keep(approval, isSent));
      return true;
    }
    switch (decided.decision()) {
      case Decision.Deny deny -> agent.refuse(new Refusal.DeniedByPolicy(deny));
      case Decision.Defer defer -> agent.refuse(new Refusal.Deferred(defer));
      case Decision.Hold _, Decision.Allow _, Decision.Modify _ ->
          agent.refuse(new Refusal.NoApproval(approval, "policy wants another one"));
    }
    return false;
  }

  private void keep(Approval approval, boolean isSent) {
    try {
      approvals.executed(
          approval.id(), isSent ? new Executed.What.TooLarge() : new Executed.What.NotSent());
    } catch (DatabaseUnavailable e) {
      LOG.warn("what became of {} could not be kept", approval.id(), e);
    }
  }

  private static Binding binding(Asked asked, Digest policies) {
    var claims = asked.claims();
    return new Binding(
        claims.identity(),
        claims.subject(),
        claims.workflow(),
        claims.task(),
        claims.intent(),
        asked.workflow().owner(),
        new Wanted(
            asked.request().endpoint().path(),
            asked.resource().name(),
            asked.model().name().value(),
            asked.resource().upstream().digest(),
            Optional.of(asked.model().fingerprint())),
        SameArguments.all(asked.json()),
        policies);
  }

  private Assumptions resting(Asked asked, Digest policies) {
    var declared = asked.registered();
    var all = new ArrayList<Assumption>();
    all.add(Assumption.OwnerIs.of(asked.workflow()));
    all.add(Assumption.ServerIs.of(asked.resource()));
    all.add(new Assumption.PoliciesAre(policies));
    asked.grants().forEach(grant -> all.add(Assumption.GrantIs.of(grant)));
    for (var name : asked.claims().identities()) {
      declared
          .identity(name)
          .ifPresent(identity -> all.add(Assumption.modelOf(identity, declared)));
    }
    var risks = approvals.present().risks();
    if (!risks.fromLowest().isEmpty()) {
      var identity = asked.claims().identity();
      all.add(new Assumption.RiskAtMost(identity, risks.of().apply(identity)));
    }
    return new Assumptions(all);
  }
}
