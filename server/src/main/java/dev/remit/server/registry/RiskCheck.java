package dev.remit.server.registry;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.WorkflowName;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// How the registry learns what a state of it means for risk: on plan, on apply, and for bounds
/// that are tighter where risk is high. Changes nothing.
@FunctionalInterface
public interface RiskCheck {

  /// Nobody weighs anything.
  RiskCheck NONE = (_, _) -> Map.of();

  /// Returns the risk of each workflow of `registered`; empty where nobody weighs it.
  Map<WorkflowName, Weighed> weigh(Registered registered, Instant now);

  /// The risk of one workflow, in the words of the ledger.
  ///
  /// @param score 0 to 100
  /// @param because why, a word each, ascending
  record Weighed(RiskClass riskClass, long score, List<String> because) {
    public Weighed {
      because = List.copyOf(because);
    }
  }
}
