package dev.remit.server.measures;

import dev.remit.kernel.evidence.Completeness;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.ledger.EntryType;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;

/// What it took to bring a workflow under control, beside how good the evidence about it is.
final class Integration {
  private Integration() {}

  static Balance of(Period period) {
    var completeness =
        new Completeness(
            new Scope(
                Scope.Kind.WORKFLOW,
                period.workflow().value(),
                period.from(),
                period.until(),
                new TreeSet<>()),
            true);
    period.entries().forEach(completeness::add);
    long decided = period.count(EntryType.CALL_DECIDED);
    long asked = decided + period.count(EntryType.CALL_REFUSED);
    return new Balance(
        "integration",
        "what did it take to govern the workflow, and how good is the evidence?",
        List.of(
            Figure.count(
                "declared",
                declared(period),
                "things",
                "that had to be declared for it: identities, grants, resources, tools"),
            Figure.count(
                "changed",
                period
                    .of(EntryType.REGISTRY_CHANGED)
                    .map(entry -> entry.number("registry"))
                    .distinct()
                    .count(),
                "times",
                "something about it was applied"),
            Figure.share(
                "refused-before-policy",
                asked - decided,
                asked,
                "of its calls were refused before policy was asked: scope, grant, pin or schema")),
        List.of(
            new Figure(
                "completeness",
                OptionalDouble.of(completeness.figure() / 100.0),
                "%",
                "of what was begun is seen to have ended"),
            Figure.share(
                "with-task",
                period
                    .of(EntryType.CALL_DECIDED)
                    .filter(entry ->
                        entry.text("task").isPresent() && period.identity(entry).isPresent())
                    .count(),
                decided,
                "of its decisions name a task and an identity that is declared")));
  }

  private static long declared(Period period) {
    var registered = period.declared();
    var resources = new TreeSet<String>();
    long grants = 0;
    for (var identity : period.identities()) {
      for (var grant : registered.grants(identity.name())) {
        grants++;
        resources.add(grant.resource().value());
      }
    }
    long tools =
        registered.tools().stream()
            .filter(tool -> resources.contains(tool.name().resource().value()))
            .count();
    return period.identities().size() + grants + resources.size() + tools;
  }
}
