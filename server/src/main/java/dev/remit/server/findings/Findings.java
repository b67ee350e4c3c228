package dev.remit.server.findings;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Subject;
import dev.remit.server.store.Database;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Raises and lists findings.
public final class Findings {
  private static final Logger LOG = LoggerFactory.getLogger(Findings.class);
  private static final int LIST_MAX = 200;

  private final Database database;
  private final Ledger ledger;
  private final FindingStore store = new FindingStore();

  public Findings(Database database, Ledger ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  /// Raises what was seen, with its ledger entry, or counts it once more.
  ///
  /// @param bodies what it was seen in, kept encrypted beside the entry; personal or bulky
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable
  public void raise(Finding.Sighting sighting, Instant now, Body... bodies) {
    raise(sighting, Subject.NONE, now, bodies);
  }

  /// The same where the bodies are about a task: they are erased with it.
  public void raise(Finding.Sighting sighting, Subject about, Instant now, Body... bodies) {
    LOG.warn("finding {}: {}", sighting.kind(), sighting.summary());
    ledger.transact(recording -> {
      var id = FindingId.fresh(now);
      boolean fresh =
          !store.seenAgain(recording.tx(), sighting, now)
              && store.insert(recording.tx(), id, sighting, now);
      if (fresh) {
        recording.append(entry(id, sighting, about, now), bodies);
      }
      return fresh;
    });
  }

  /// Returns the most recently seen, at most 200.
  public List<Finding> newest() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  public long count() {
    return database.transact(store::count);
  }

  private static Entry entry(FindingId id, Finding.Sighting sighting, Subject about, Instant now) {
    return Entry.of(EntryType.FINDING_RAISED, now)
        .with("id", id.value())
        .withMaybe("task", about.task())
        .withMaybe("workflow", about.workflow())
        .with("kind", sighting.kind())
        .with("subject", sighting.subject())
        .with("severity", sighting.severity().word())
        .with("summary", sighting.summary())
        .with("role", sighting.forRole().word());
  }
}
