package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import java.util.Optional;

/// An emergency roll of the keys of task tokens, or of the authorities of certificates. Always
/// found: it is loud because one person may do it (ADR 0047).
final class KeyRolled implements Detector {

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    if (entry.type() != EntryType.KEY_REVOKED) {
      return Optional.empty();
    }
    return Optional.of(
        entry.text("use").filter("x509-svid"::equals).isPresent()
            ? rolled(
                entry, "authority " + entry.text("kid").orElse(""), "authority of certificates")
            : rolled(entry, "roll " + entry.number("seq"), "key of task tokens"));
  }

  private static Finding.Sighting rolled(RecordedEntry entry, String subject, String what) {
    return new Finding.Sighting(
        "signing-key-rolled",
        subject,
        Finding.Severity.HIGH,
        "`%s` has revoked every %s: %s"
            .formatted(entry.text("by").orElse("somebody"), what, entry.text("reason").orElse("")),
        "somebody else finds out how the key was lost, and closes this",
        Role.SECURITY);
  }
}
