package dev.remit.server.registry;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.RiskCheck.Weighed;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a proposal does to the risk of workflows.
record RiskShift(Map<WorkflowName, Weighed> before, Map<WorkflowName, Weighed> after) {

  /// How risky it would be; low where nobody weighs it.
  RiskClass of(WorkflowName workflow) {
    return Optional.ofNullable(after.get(workflow)).map(Weighed::riskClass).orElse(RiskClass.LOW);
  }

  List<RiskChange> changes() {
    return RiskChange.between(before, after);
  }
}
