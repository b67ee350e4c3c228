package dev.remit.server.decisions;

import dev.remit.kernel.identity.PolicyName;
import dev.remit.kernel.policy.Combination;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.Findings;
import dev.remit.kernel.policy.Findings.Answer;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import dev.remit.server.registry.PolicyText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The policies in shadow: each is tried, alone beside those that decide, on every decision, and
/// none changes any.
///
/// Costs one look into their index where none of them speaks of the request, and a second
/// evaluation of the deciding policies where one does.
final class Shadows {
  private final PolicySet together;
  private final Map<PolicyName, PolicySet> each = new LinkedHashMap<>();

  /// @param policies by the text that declares them
  Shadows(Map<PolicyText, List<Policy>> policies) {
    var all = new ArrayList<Policy>();
    policies.forEach((text, statements) -> {
      all.addAll(statements);
      each.put(text.name(), new PolicySet(statements));
    });
    together = new PolicySet(all);
  }

  boolean isEmpty() {
    return each.isEmpty();
  }

  /// Returns those that would have made `decision`, by `deciding`, another one.
  List<Shadowed> of(Request request, PolicySet deciding, Entities entities, Decision decision) {
    boolean held = decision instanceof Decision.Hold;
    if (!held && together.evaluate(request, entities).answers().isEmpty()) {
      return List.of();
    }
    var actual = deciding.evaluate(request, entities);
    var found = new ArrayList<Shadowed>();
    each.forEach((name, policies) -> {
      var would =
          Combination.REMIT.combine(
              both(actual, policies.evaluate(request, entities)),
              () ->
                  both(
                      deciding.evaluate(request.approved(), entities),
                      policies.evaluate(request.approved(), entities)));
      if (!would.word().equals(decision.word())) {
        found.add(new Shadowed(name, would.word()));
      }
    });
    return found;
  }

  private static Findings both(Findings actual, Findings shadow) {
    if (shadow.answers().isEmpty()) {
      return actual;
    }
    var answers = new ArrayList<Answer>(actual.answers());
    answers.addAll(shadow.answers());
    return new Findings(answers);
  }
}
