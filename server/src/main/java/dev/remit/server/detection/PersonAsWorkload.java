package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import java.util.Optional;

/// A person's login that is shown where a workload proves itself.
///
/// Found by the signs that an interactive login leaves in a token, or because the subject is that
/// of a declared person. Not found: a person who has a workload's key. Who it was is not recorded,
/// since the exchange was refused; the entry has the digest of what was shown.
final class PersonAsWorkload implements Detector {

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    boolean person =
        entry.type() == EntryType.EXCHANGE_REFUSED
            && entry.text("reason").filter("person-principal"::equals).isPresent();
    return person
        ? Optional.of(
            new Finding.Sighting(
                "person-as-workload",
                "token endpoint",
                Finding.Severity.HIGH,
                "somebody showed a person's login to get a workload's token",
                "give the workload an account of its own; the entries exchange.refused with"
                    + " `person-principal` say when it was tried",
                Role.SECURITY))
        : Optional.empty();
  }
}
