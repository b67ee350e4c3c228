package dev.remit.server.detection;

import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Workflow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A pilot that was let touch what is in production, and one that does so on so many days that
/// somebody depends on it by now.
///
/// By what is declared when it is looked. The days are counted in memory, from one node's entries,
/// so a restart begins to count anew.
final class PilotInProduction implements Detector {
  private static final int DAYS = 5;
  private static final long DAY_SECONDS = 86_400;
  private static final int WORKFLOWS_MAX = 10_000;

  private final Supplier<Registered> registered;
  private final Map<String, Set<Long>> days = new HashMap<>();

  PilotInProduction(Supplier<Registered> registered) {
    this.registered = registered;
  }

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    if (!entry.isSentOn()) {
      return Optional.empty();
    }
    var known = registered.get();
    var pilot =
        entry
            .text("workflow")
            .flatMap(name -> known.workflow(new WorkflowName(name)))
            .filter(workflow -> workflow.stage() == Stage.PILOT);
    var resource =
        entry
            .text("resource")
            .flatMap(name -> known.resource(new ResourceName(name)))
            .filter(reached -> reached.environment() == Environment.PRODUCTION);
    if (pilot.isEmpty() || resource.isEmpty()) {
      return Optional.empty();
    }
    if (days.size() > WORKFLOWS_MAX) {
      days.clear();
    }
    var seen = days.computeIfAbsent(pilot.get().key(), _ -> new HashSet<>());
    // Told once a day: a finding for each call would cost more than the call.
    if (!seen.add(entry.at().getEpochSecond() / DAY_SECONDS)) {
      return Optional.empty();
    }
    return Optional.of(
        seen.size() >= DAYS ? depended(pilot.get()) : touched(pilot.get(), resource.get()));
  }

  private static Finding.Sighting touched(Workflow pilot, Resource resource) {
    return new Finding.Sighting(
        "pilot-in-production",
        pilot.key(),
        Finding.Severity.MEDIUM,
        "the pilot `%s` has reached `%s`, which is in production"
            .formatted(pilot.name(), resource.name()),
        "let it work on test data, or begin its promotion: `remit promote gate %s`"
            .formatted(pilot.name()),
        Role.OWNER);
  }

  private static Finding.Sighting depended(Workflow pilot) {
    return new Finding.Sighting(
        "pilot-depended-on",
        pilot.key(),
        Finding.Severity.MEDIUM,
        "the pilot `%s` has worked in production on %d days: somebody depends on it by now"
            .formatted(pilot.name(), DAYS),
        "promote it (`remit promote gate %1$s`) or end it before its expiry does"
            .formatted(pilot.name()),
        Role.OWNER);
  }
}
