package dev.remit.server.findings;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.findings.Finding.Severity;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.ledger.Subject;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Raises, lists and closes findings, and counts for Prometheus what this process has seen of them.
public final class Findings implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(Findings.class);
  private static final int LIST_MAX = 200;

  private final Database database;
  private final Ledger ledger;
  private final FindingStore store = new FindingStore();
  private final Map<Severity, LongAdder> raised = new EnumMap<>(Severity.class);
  private final LongAdder seen = new LongAdder();
  private final LongAdder closed = new LongAdder();

  public Findings(Database database, Ledger ledger) {
    this.database = database;
    this.ledger = ledger;
    for (var severity : Severity.values()) {
      raised.put(severity, new LongAdder());
    }
  }

  /// What becomes of closing a finding.
  public sealed interface Closing {

    record Done(Finding finding) implements Closing {}

    record Already(Finding.Closed closed) implements Closing {}

    record Unknown() implements Closing {}
  }

  /// Raises what was seen, with its ledger entry, or counts it once more. What was closed is raised
  /// again, as another finding.
  ///
  /// @param bodies what it was seen in, kept encrypted beside the entry; personal or bulky
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable
  public void raise(Finding.Sighting sighting, Instant now, Body... bodies) {
    raise(sighting, Subject.NONE, now, bodies);
  }

  /// The same where the bodies are about a task: they are erased with it.
  public void raise(Finding.Sighting sighting, Subject about, Instant now, Body... bodies) {
    LOG.warn("finding {}: {}", sighting.kind(), sighting.summary());
    boolean isNew = ledger.transact(recording -> raised(recording, sighting, about, now, bodies));
    seen.increment();
    if (isNew) {
      count(raised, sighting.severity());
    }
  }

  /// The same in the transaction of what it is about: neither is there without the other.
  public void raise(Recording recording, Finding.Sighting sighting, Instant now) {
    LOG.warn("finding {}: {}", sighting.kind(), sighting.summary());
    if (raised(recording, sighting, Subject.NONE, now)) {
      count(raised, sighting.severity());
    }
    seen.increment();
  }

  private boolean raised(
      Recording recording, Finding.Sighting sighting, Subject about, Instant now, Body... bodies) {
    var id = FindingId.fresh(now);
    boolean fresh =
        !store.seenAgain(recording.tx(), sighting, now)
            && store.insert(recording.tx(), id, sighting, now);
    if (fresh) {
      recording.append(entry(id, sighting, about, now), bodies);
    }
    return fresh;
  }

  /// Whether one of this kind about this subject is open.
  public boolean isOpen(Tx tx, String kind, String subject) {
    return store.open(tx, kind, subject).isPresent();
  }

  /// Closes the one of this kind about this subject, if it is open, in the transaction of what
  /// dealt with it.
  public void close(
      Recording recording, String kind, String subject, PersonName by, String reason, Instant now) {
    var done = new Finding.Closed(now, by, reason);
    store
        .open(recording.tx(), kind, subject)
        .filter(found -> store.close(recording.tx(), found.id(), done))
        .ifPresent(found -> {
          recording.append(entry(found, done), Body.of("reason", reason));
          closed.increment();
        });
  }

  /// Closes a finding, with its ledger entry in the same transaction.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable
  public Closing close(FindingId id, PersonName by, String reason, Instant now) {
    var done = new Finding.Closed(now, by, reason);
    var closing =
        ledger.<Closing>transact(recording -> {
          var found = store.find(recording.tx(), id);
          if (found.isEmpty()) {
            return new Closing.Unknown();
          }
          if (!store.close(recording.tx(), id, done)) {
            return new Closing.Already(
                store.find(recording.tx(), id).flatMap(Finding::closed).orElseThrow());
          }
          recording.append(entry(found.get(), done), Body.of("reason", reason));
          return new Closing.Done(store.find(recording.tx(), id).orElseThrow());
        });
    if (closing instanceof Closing.Done) {
      closed.increment();
    }
    return closing;
  }

  /// Returns the most recently seen that are open, at most 200.
  public List<Finding> newest() {
    return newest(false);
  }

  /// Returns the most recently seen, at most 200.
  public List<Finding> newest(boolean alsoClosed) {
    return database.transact(tx -> store.newest(tx, alsoClosed, LIST_MAX));
  }

  public Optional<Finding> find(FindingId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// Returns all that are open and as bad as that, the oldest first.
  public List<Finding> open(Severity severity) {
    return database.transact(tx -> store.open(tx, severity));
  }

  /// How many are open.
  public long count() {
    return database.transact(store::open);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    raised.forEach((severity, count) ->
        FunctionCounter.builder("remit.findings.raised", count, LongAdder::sum)
            .tag("severity", severity.word())
            .register(registry));
    FunctionCounter.builder("remit.findings.seen", seen, LongAdder::sum).register(registry);
    FunctionCounter.builder("remit.findings.closed", closed, LongAdder::sum).register(registry);
  }

  private static void count(Map<Severity, LongAdder> counts, Severity severity) {
    Optional.ofNullable(counts.get(severity)).ifPresent(LongAdder::increment);
  }

  private static Entry entry(Finding finding, Finding.Closed closed) {
    return Entry.of(EntryType.FINDING_CLOSED, closed.at())
        .with("of", finding.id().value())
        .with("kind", finding.kind())
        .with("subject", finding.subject())
        .with("by", closed.by().value());
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
