package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// One key, or one account at a platform, with which two identities got tokens, at any nodes.
///
/// Silent while each identity has its own, also when it has several or changes them. The registry
/// refuses two that declare one key at the same time; this finds the key that wandered. Not found:
/// two programs that share the key of one identity, as long as they come from one address.
final class SharedCredential implements Detector {
  private static final int NOTED_MAX = 10_000;
  private static final Duration NOTE_AGAIN = Duration.ofHours(1);

  private final Database database;
  private final Duration within;
  private final DetectionStore store = new DetectionStore();

  // Spares a write for each token: who used it lately need not be noted again.
  private final Map<String, Instant> noted = new ConcurrentHashMap<>();

  SharedCredential(Database database, Duration within) {
    this.database = database;
    this.within = within;
  }

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    var credential = entry.text("credential");
    var identity = entry.text("identity");
    return entry.type() == EntryType.TOKEN_ISSUED && credential.isPresent() && identity.isPresent()
        ? used(credential.get(), identity.get(), entry.at())
        : Optional.empty();
  }

  private Optional<Finding.Sighting> used(String credential, String identity, Instant at) {
    var note = credential + " " + identity;
    var before = noted.get(note);
    if (before != null && at.isBefore(before.plus(NOTE_AGAIN))) {
      return Optional.empty();
    }
    var others =
        database.transact(tx -> store.used(tx, credential, identity, at, at.minus(within)));
    if (noted.size() > NOTED_MAX) {
      noted.clear();
    }
    noted.put(note, at);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(sighting(credential, identity, others));
  }

  private static Finding.Sighting sighting(
      String credential, String identity, List<String> others) {
    return new Finding.Sighting(
        "credential-of-two-identities",
        credential,
        Finding.Severity.HIGH,
        identity + " uses a credential that " + String.join(", ", others) + " used before",
        "give each identity a key or account of its own; suspend both if nobody moved it on purpose",
        Role.SECURITY);
  }
}
