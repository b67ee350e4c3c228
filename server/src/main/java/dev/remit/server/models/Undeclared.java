package dev.remit.server.models;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.SecretFacts;
import dev.remit.server.gateway.ProposalDoor.Found;
import dev.remit.server.models.GovernedQuestion.Asks;
import java.time.Instant;
import java.util.Optional;

/// A proposed call of a tool that nobody has declared: the agent would run it itself, and no other
/// check here would ever see it. It takes a policy that permits action `propose`.
final class Undeclared {
  private final Decisions decisions;
  private final Questions questions;

  Undeclared(Decisions decisions, Questions questions) {
    this.decisions = decisions;
    this.questions = questions;
  }

  Found judge(Asks asks, String name, SecretFacts secrets, Instant now) {
    if (asks.readOnly()) {
      return new Found.MayNot(
          Optional.empty(),
          Optional.empty(),
          "binding-suspect",
          "the model that asks for it may have changed, and nobody has said what the tool does",
          "have the change reviewed");
    }
    var question = questions.of(asks, Action.PROPOSE, Wording.shortened(name), secrets, now);
    var decided = decisions.decide(question);
    return decided.isObserved() || decided.decision() instanceof Decision.Allow
        ? new Found.May(Optional.empty(), Optional.of(decided))
        : new Found.MayNot(
            Optional.empty(),
            Optional.of(decided),
            "undeclared-tool",
            "no tool of that name is declared and granted to this identity",
            "declare and grant it, or have a policy permit action `propose` on this model");
  }
}
