package dev.remit.server.promotion;

import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.promotion.GateItem;
import dev.remit.server.changes.Changes;
import dev.remit.server.changes.Evaluation;
import java.util.ArrayList;
import java.util.List;

/// The gate's second verdict: whether what decides a workflow's identities was shown to answer
/// safely. It reads evaluations and nothing else, and no other item reads any, so neither verdict
/// can stand in for the other (ADR 0178).
///
/// What is declared as a filter, a guardrail or a rule of refusal shows nothing here either: only
/// what came of asking does.
final class ModelSafety {
  private static final int NAMED_MAX = 3;

  private final Changes changes;

  ModelSafety(Changes changes) {
    this.changes = changes;
  }

  GateItem of(WorkflowName workflow) {
    var lacking = new ArrayList<String>();
    var passed = new ArrayList<String>();
    var next = "";
    for (var one : changes.governing(workflow)) {
      var name = "`" + one.identity().name() + "`";
      if (one.look().isEmpty()) {
        lacking.add("nobody has looked at what decides " + name);
        next = "`remit changes` shows it as soon as it is opened";
        continue;
      }
      var look = one.look().get();
      look.missing()
          .forEach(missing -> lacking.add(name + " " + missing.suite() + ": " + missing.why()));
      look.evaluations().stream()
          .filter(said -> said.outcome() == Evaluation.Outcome.PASS)
          .forEach(said -> passed.add(name + " " + said.suite() + elsewhere(said)));
      if (!look.missing().isEmpty()) {
        next =
            "`remit changes evaluate %s`, and `remit evaluations run` its plan"
                .formatted(look.change().id());
      }
    }
    return lacking.isEmpty()
        ? GateItem.met(
            GateItem.SAFETY,
            passed.isEmpty()
                ? "nothing within reach of its models would have to be shown"
                : "passed: " + String.join(", ", passed),
            List.of())
        : GateItem.unmet(
            GateItem.SAFETY,
            "what decides it was not shown to answer safely: " + listed(lacking),
            List.of(),
            next);
  }

  private static String elsewhere(Evaluation said) {
    return said.how() == Evaluation.How.ELSEWHERE ? " (elsewhere, says " + said.by() + ")" : "";
  }

  private static String listed(List<String> all) {
    return String.join("; ", all.subList(0, Math.min(NAMED_MAX, all.size())))
        + (all.size() > NAMED_MAX ? "; and " + (all.size() - NAMED_MAX) + " more" : "");
  }
}
