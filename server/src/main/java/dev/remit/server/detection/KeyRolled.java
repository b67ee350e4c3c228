package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import java.util.Optional;

/// An emergency roll of the keys of task tokens. Always found: it is loud because one person may do
/// it (ADR 0047).
final class KeyRolled implements Detector {

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    return entry.type() == EntryType.KEY_REVOKED
        ? Optional.of(
            new Finding.Sighting(
                "signing-key-rolled",
                "roll " + entry.number("seq"),
                Finding.Severity.HIGH,
                "`%s` has revoked every key of task tokens: %s"
                    .formatted(
                        entry.text("by").orElse("somebody"), entry.text("reason").orElse("")),
                "somebody else finds out how the key was lost, and closes this",
                Role.SECURITY))
        : Optional.empty();
  }
}
