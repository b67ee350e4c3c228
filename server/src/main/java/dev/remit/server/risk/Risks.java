package dev.remit.server.risk;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How much harm each workflow and each identity could do, at one version of the registry.
///
/// A workflow's risk is that of all its identities together, as if they were one: what one reads
/// another may send. So it is never less than that of any of them. Immutable.
public final class Risks {
  private final SortedMap<WorkflowName, Risk> workflows;
  private final Map<IdentityName, Risk> identities;

  private Risks(SortedMap<WorkflowName, Risk> workflows, Map<IdentityName, Risk> identities) {
    this.workflows = Collections.unmodifiableSortedMap(workflows);
    this.identities = Map.copyOf(identities);
  }

  /// Composes them from what is declared. Grants that have expired at `now` reach nothing.
  public static Risks of(Registered registered, RiskRules rules, Instant now) {
    var sensitivities = new HashMap<String, Long>();
    registered.dataClasses().forEach(one -> sensitivities.put(one.name(), one.sensitivity()));
    var reaching = new Reaching(registered, rules, now);
    var identities = new HashMap<IdentityName, Risk>();
    var together = new HashMap<WorkflowName, List<Reach>>();
    for (var identity : registered.identities()) {
      var reach = reaching.of(identity);
      identities.put(identity.name(), Weighing.of(reach, sensitivities, rules));
      together.computeIfAbsent(identity.workflow(), _ -> new ArrayList<>()).add(reach);
    }
    var workflows = new TreeMap<WorkflowName, Risk>();
    for (var workflow : registered.workflows()) {
      var reach = Reach.together(together.getOrDefault(workflow.name(), List.of()));
      workflows.put(workflow.name(), Weighing.of(reach, sensitivities, rules));
    }
    return new Risks(workflows, identities);
  }

  /// Returns the risk of a workflow; none of one that is not declared.
  public Risk of(WorkflowName workflow) {
    return workflows.getOrDefault(workflow, Risk.NONE);
  }

  /// Returns the risk of one identity, taken alone.
  public Risk of(IdentityName identity) {
    return identities.getOrDefault(identity, Risk.NONE);
  }

  public SortedMap<WorkflowName, Risk> workflows() {
    return workflows;
  }

  /// Returns the workflows in the order in which to roll controls out: the riskiest first.
  public List<WorkflowName> ranked() {
    return workflows.keySet().stream()
        .sorted(
            Comparator.comparing((WorkflowName name) -> of(name).riskClass())
                .thenComparing(name -> of(name).score())
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /// Whether `workflow` is at least `least`.
  public boolean isAtLeast(WorkflowName workflow, RiskClass least) {
    return of(workflow).riskClass().isAtLeast(least);
  }
}
