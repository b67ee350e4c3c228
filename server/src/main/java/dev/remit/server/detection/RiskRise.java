package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A change of the registry after which a workflow is riskier than it was. High and critical are
/// for security to look at; a rise to moderate is for its owner to know.
final class RiskRise implements Detector {
  private static final Set<String> SERIOUS = Set.of("high", "critical");

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    boolean rises =
        entry.type() == EntryType.RISK_CHANGED && entry.content().path("rises").asBoolean(false);
    return rises && entry.text("before").isPresent()
        ? Optional.of(sighting(entry))
        : Optional.empty();
  }

  private static Finding.Sighting sighting(RecordedEntry entry) {
    var workflow = entry.text("workflow").orElse("");
    var after = entry.text("after").orElse("");
    boolean serious = SERIOUS.contains(after);
    var because =
        entry
            .content()
            .path("because")
            .valueStream()
            .map(one -> one.asString(""))
            .collect(Collectors.joining(", "));
    return new Finding.Sighting(
        "risk-rises",
        workflow,
        serious ? Finding.Severity.MEDIUM : Finding.Severity.LOW,
        "the risk of `%s` rose from %s to %s, by a change of `%s`: %s"
            .formatted(
                workflow,
                entry.text("before").orElse(""),
                after,
                entry.text("by").orElse(""),
                because),
        "look at the reasons with `remit risk --workflow %s`; take out of reach what it does not need"
            .formatted(workflow),
        serious ? Role.SECURITY : Role.OWNER);
  }
}
