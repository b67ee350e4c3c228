package dev.remit.server.models;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.SecretFacts;
import java.time.InstantSource;
import java.util.Optional;
import java.util.TreeSet;

/// Carries one question from an agent to its model and the answer back. This file is the whole path
/// behind the [ModelDoor], where the token and standing were checked: read it from top to bottom to
/// know what is enforced, and in which order. What a person has to agree to goes on in
/// [HeldQuestion]; how an answer passes is told in [Asking].
///
/// Blocks; runs on its own virtual thread. Throws only when something it needs cannot be reached,
/// and always before anything has been sent.
final class GovernedQuestion {
  private final InstantSource clock;
  private final Bindings bindings;
  private final Budget budget;
  private final Questions questions;
  private final Decisions decisions;
  private final Fulfilling fulfilling;
  private final QuestionRecords records;
  private final Looking looking;
  private final HeldQuestion held;
  private final Asking asking;

  GovernedQuestion(
      InstantSource clock,
      Bindings bindings,
      Budget budget,
      Questions questions,
      Decisions decisions,
      Fulfilling fulfilling,
      QuestionRecords records,
      Looking looking,
      HeldQuestion held,
      Asking asking) {
    this.clock = clock;
    this.bindings = bindings;
    this.budget = budget;
    this.questions = questions;
    this.decisions = decisions;
    this.fulfilling = fulfilling;
    this.records = records;
    this.looking = looking;
    this.held = held;
    this.asking = asking;
  }

  /// Scope and grants, the binding and the budget come before policy.
  void carry(Asked asked, AgentSide agent) throws AgentSide.Gone {
    switch (Coverage.of(asked, clock.instant())) {
      case Coverage.Found.Refused(var why) -> refuse(asked, why, agent);
      case Coverage.Found.Covered(var grants) -> bind(asked.granted(grants), agent);
    }
  }

  private void bind(Asked asked, AgentSide agent) throws AgentSide.Gone {
    switch (bindings.of(asked.claims().identity(), asked.request(), clock.instant())) {
      case Bindings.Bound.Refused refused -> refuse(asked, new Refusal.NotApproved(refused), agent);
      case Bindings.Bound.Suspect _ -> reserve(asked, true, agent);
      case Bindings.Bound.Approved _ -> reserve(asked, false, agent);
    }
  }

  private void reserve(Asked asked, boolean readOnly, AgentSide agent) throws AgentSide.Gone {
    switch (budget.reserve(asked, clock.instant())) {
      case Spending.Found.Exhausted(var why) -> refuse(asked, why, agent);
      case Spending.Found.Reserved(var reserved) -> {
        // Whatever happens from here on, what was set aside is settled or given back.
        boolean isSent = false;
        try {
          var seen = looking.atPrompt(asked);
          isSent = byProvider(new Asks(asked, readOnly, seen, reserved), agent);
        } finally {
          if (!isSent) {
            budget.release(reserved, clock.instant());
          }
        }
      }
    }
  }

  /// A question with what was found about it before policy.
  ///
  /// @param readOnly whether of the tools that are proposed only those that read pass
  /// @param secrets what was found of secrets in it
  record Asks(Asked asked, boolean readOnly, SecretFacts secrets, Spending.Reservation reserved) {}

  /// What the provider would do by itself passes no other check here, so each of it takes a policy
  /// of its own.
  private boolean byProvider(Asks asks, AgentSide agent) throws AgentSide.Gone {
    var request = asks.asked().request();
    for (var tool : new TreeSet<>(request.hostedTools())) {
      if (!may(asks, Action.HOST, tool, agent)) {
        return false;
      }
    }
    for (var member : new TreeSet<>(request.retains())) {
      if (!may(asks, Action.RETAIN, member, agent)) {
        return false;
      }
    }
    return decide(asks, agent);
  }

  private boolean may(Asks asks, Action action, String item, AgentSide agent)
      throws AgentSide.Gone {
    var question = questions.of(asks, action, item, asks.secrets(), clock.instant());
    var decided = decisions.decide(question);
    if (decided.isObserved() || decided.decision() instanceof Decision.Allow) {
      return true;
    }
    show(asks, question, decided, Optional.empty(), agent);
    agent.refuse(new Refusal.NotByProvider(action.word(), item, decided.decision()));
    return false;
  }

  private boolean decide(Asks asks, AgentSide agent) throws AgentSide.Gone {
    var question = questions.asking(asks, CallFacts.NONE, clock.instant());
    var decided = fulfilling.of(asks, decisions.decide(question));
    var goesOn = fulfilling.sending(asks, decided);

    // Recorded before it is acted on: a crash from here on leaves a decision without an outcome,
    // which review can see, and never an outcome without a decision, which it could not.
    show(asks, question, decided, goesOn, agent);

    if (goesOn.isPresent()) {
      asking.forward(asks, goesOn.get(), agent, _ -> {});
      return true;
    }
    switch (decided.decision()) {
      case Decision.Hold hold -> {
        return held.hold(asks, hold, decided.policies(), agent);
      }
      case Decision.Defer defer -> agent.refuse(new Refusal.Deferred(defer));
      case Decision.Deny deny -> agent.refuse(new Refusal.DeniedByPolicy(deny));
      case Decision.Allow _, Decision.Modify _ ->
          throw new IllegalStateException("what policy lets pass goes on");
    }
    return false;
  }

  private void show(
      Asks asks, Question question, Decided decided, Optional<Sending> sending, AgentSide agent) {
    var asked = asks.asked();
    agent.show(
        asked.id(),
        records.decided(
            asked, question, decided, sending, asks.reserved(), Optional.empty(), clock.instant()));
  }

  private void refuse(Asked asked, Refusal why, AgentSide agent) throws AgentSide.Gone {
    agent.show(asked.id(), records.refused(asked, why, clock.instant()));
    agent.refuse(why);
  }
}
