package dev.remit.server.measures;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.measures.Period.Took;
import java.util.List;
import java.util.Optional;

/// What the promotion gate adds to the way into production, beside what it stopped or found later.
final class ReleaseGate {
  private ReleaseGate() {}

  static Balance of(Period period) {
    var settled = period.of(EntryType.PROMOTION_SETTLED).toList();
    return new Balance(
        "release-gate",
        "what does the way into production cost, and what did it stop?",
        List.of(
            Figure.median(
                "gate-waited",
                Took.times(
                    period.between(
                        EntryType.PROMOTION_REQUESTED,
                        EntryType.PROMOTION_SETTLED,
                        ReleaseGate::promotion)),
                "from asking for a promotion to the answer"),
            Figure.median(
                "to-production",
                Took.times(
                    period.between(
                        EntryType.REGISTRY_CHANGED, EntryType.STAGE_CHANGED, ReleaseGate::adopted)),
                "from declaring the workflow to production"),
            Figure.count(
                "second-person",
                period.count(EntryType.APPLY_SETTLED),
                "changes",
                "that waited for a second person")),
        List.of(
            Figure.count(
                "stopped",
                settled.stream().filter(entry -> !entry.says("outcome", "agreed")).count(),
                "promotions",
                "declined, lapsed, or void because something had changed"),
            Figure.count(
                "decayed",
                period.count(EntryType.PROOF_DECAYED),
                "times",
                "a proof decayed after the promotion, with notice")));
  }

  private static Optional<String> promotion(RecordedEntry entry) {
    return entry.type() == EntryType.PROMOTION_SETTLED ? entry.of() : entry.id();
  }

  /// The workflow of an entry that says it is declared, or in production.
  private static Optional<String> adopted(RecordedEntry entry) {
    boolean declared = entry.says("kind", "workflow") && entry.says("action", "create");
    return entry.type() == EntryType.REGISTRY_CHANGED
        ? entry.text("name").filter(_ -> declared)
        : entry.text("workflow").filter(_ -> entry.says("stage", "production"));
  }
}
