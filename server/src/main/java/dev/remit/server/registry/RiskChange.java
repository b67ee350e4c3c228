package dev.remit.server.registry;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.RiskCheck.Weighed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// That a change of the registry makes a workflow riskier, or less so.
///
/// @param before empty where the workflow is new
public record RiskChange(WorkflowName workflow, Optional<Weighed> before, Weighed after) {

  /// Whether its class is higher than it was; also of a new one that is not low.
  public boolean isRise() {
    var was = before.map(Weighed::riskClass).orElse(RiskClass.LOW);
    return after.riskClass().compareTo(was) > 0;
  }

  /// Returns what differs, by the workflows' names.
  static List<RiskChange> between(
      Map<WorkflowName, Weighed> before, Map<WorkflowName, Weighed> after) {
    var changes = new ArrayList<RiskChange>();
    new TreeMap<>(after)
        .forEach((workflow, now) -> {
          var was = Optional.ofNullable(before.get(workflow));
          if (was.filter(now::equals).isEmpty()) {
            changes.add(new RiskChange(workflow, was, now));
          }
        });
    return changes;
  }
}
