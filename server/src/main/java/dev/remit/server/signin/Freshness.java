package dev.remit.server.signin;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.WorkflowName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/// How lately somebody must have shown who they are, and for which workflows that is asked.
///
/// @param lasts for how long it counts
/// @param from the least class of risk of a workflow for which it is asked
/// @param risk how a workflow is classed now
record Freshness(Duration lasts, RiskClass from, Function<WorkflowName, RiskClass> risk) {

  boolean isAskedFor(WorkflowName workflow) {
    return risk.apply(workflow).isAtLeast(from);
  }

  /// Whether what was shown then still counts. What nobody knows the time of never does.
  boolean holds(Optional<Instant> shownAt, Instant now) {
    return shownAt.filter(at -> !at.plus(lasts).isBefore(now)).isPresent();
  }
}
