package dev.remit.server.risk;

import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.RiskCheck;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// Tells the registry what its states mean for risk, by the rules of this site.
public final class RiskWeights implements RiskCheck {
  private final RiskRules rules;

  public RiskWeights(RiskRules rules) {
    this.rules = rules;
  }

  @Override
  public Map<WorkflowName, Weighed> weigh(Registered registered, Instant now) {
    var weighed = new TreeMap<WorkflowName, Weighed>();
    Risks.of(registered, rules, now)
        .workflows()
        .forEach((workflow, risk) -> weighed.put(workflow, weighed(risk)));
    return weighed;
  }

  private static Weighed weighed(Risk risk) {
    var because = risk.reasons().stream().map(Reason::rule).distinct().sorted().toList();
    return new Weighed(risk.riskClass(), risk.score(), because);
  }
}
