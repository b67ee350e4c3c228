package dev.remit.server.exceptions;

import dev.remit.kernel.identity.ExceptionId;
import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.exceptions.Acceptance.Settlement;
import dev.remit.server.exceptions.Acceptance.State;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The one way in which a risk is accepted: one person asks, another agrees, and it ends by itself.
///
/// Each change is one transaction with its ledger entry. The end needs no entry to take effect,
/// since it is the clock that says it; the sweep records it.
public final class Exceptions {
  private static final int LIST_MAX = 200;
  private static final String NOBODY = "remit";

  private final Database database;
  private final Ledger ledger;
  private final Findings findings;
  private final Supplier<Registered> registered;
  private final ExceptionsConfig config;
  private final AcceptanceStore store = new AcceptanceStore();

  public Exceptions(
      Database database,
      Ledger ledger,
      Findings findings,
      Supplier<Registered> registered,
      ExceptionsConfig config) {
    this.database = database;
    this.ledger = ledger;
    this.findings = findings;
    this.registered = registered;
    this.config = config;
  }

  public ExceptionsConfig config() {
    return config;
  }

  /// What becomes of a wish.
  public sealed interface Requested {

    /// Somebody else may agree now.
    record Open(Acceptance acceptance) implements Requested {}

    /// The finding has one that is asked for or holds.
    record Another(Acceptance acceptance) implements Requested {}

    /// There is no such finding, or somebody has closed it.
    record NothingToAccept() implements Requested {}
  }

  /// Asks for a finding to be accepted for `lasts`, which is within [ExceptionsConfig#lastsMax].
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable
  public Requested request(
      FindingId finding, PersonName by, Duration lasts, String reason, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    if (findings.find(finding).filter(found -> found.closed().isEmpty()).isEmpty()) {
      return new Requested.NothingToAccept();
    }
    var fresh =
        new Acceptance(
            ExceptionId.fresh(now),
            finding,
            State.REQUESTED,
            by,
            reason,
            lasts,
            now,
            now.plus(config.answerWithin()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return ledger.transact(recording -> {
      var other = store.alive(recording.tx(), finding).filter(one -> !overdue(recording, one, now));
      if (other.isPresent()) {
        return new Requested.Another(other.get());
      }
      if (!store.insert(recording.tx(), fresh)) {
        return new Requested.Another(store.alive(recording.tx(), finding).orElse(fresh));
      }
      recording.append(
          Entry.of(EntryType.EXCEPTION_REQUESTED, now)
              .with("id", fresh.id().value())
              .with("finding", finding.value())
              .with("seconds", lasts.toSeconds())
              .with("by", by.value())
              .with("lapsesAt", fresh.lapsesAt()),
          Body.of("reason", reason));
      return new Requested.Open(fresh);
    });
  }

  /// Settles a wish by another person's answer.
  ///
  /// @return what it comes to; empty if there is no such wish
  public Optional<Settlement> answer(ExceptionId id, PersonName by, boolean agrees, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    return ledger.transact(recording ->
        store
            .find(recording.tx(), id)
            .map(one ->
                settled(recording, one, one.settle(by, agrees, registered.get(), now), by, now)));
  }

  private Settlement settled(
      Recording recording, Acceptance one, Settlement meant, PersonName by, Instant now) {
    return switch (meant) {
      case Settlement.Agreed(var until) ->
          answered(recording, one, State.AGREED, by, Optional.of(until), now)
              ? meant
              : beaten(recording, one);
      case Settlement.Declined() ->
          answered(recording, one, State.DECLINED, by, Optional.empty(), now)
              ? meant
              : beaten(recording, one);
      case Settlement.Lapsed _ -> {
        overdue(recording, one, now);
        yield meant;
      }
      case Settlement.Settled _, Settlement.OwnRequest _ -> meant;
    };
  }

  private boolean answered(
      Recording recording,
      Acceptance one,
      State to,
      PersonName by,
      Optional<Instant> until,
      Instant now) {
    if (!store.move(recording.tx(), one, to, Optional.of(by), until, Optional.empty())) {
      return false;
    }
    var entry = settlement(one, to, by.value(), now);
    recording.append(until.map(end -> entry.with("expiresAt", end)).orElse(entry));
    return true;
  }

  /// Somebody else has settled it meanwhile, and recorded that; here nothing happened.
  private Settlement beaten(Recording recording, Acceptance one) {
    return new Settlement.Settled(store.find(recording.tx(), one.id()).orElse(one).state());
  }

  /// Ends an exception at once, or takes a wish back. One person is enough for that.
  ///
  /// @return what was ended; empty if there is none that is alive
  public Optional<Acceptance> end(ExceptionId id, PersonName by, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    return ledger.transact(recording -> {
      var one =
          store
              .find(recording.tx(), id)
              .filter(any -> any.state() == State.REQUESTED || any.state() == State.AGREED)
              .filter(any -> !overdue(recording, any, now));
      return one.filter(
          any -> over(recording, any, State.ENDED, "ended", Optional.of(by), by.value(), now));
    });
  }

  /// Records the end of what is over by the clock.
  ///
  /// @return how many
  public int sweep(Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    return ledger.transact(recording -> {
      int over = 0;
      for (var one : store.alive(recording.tx())) {
        over += overdue(recording, one, now) ? 1 : 0;
      }
      return over;
    });
  }

  private boolean overdue(Recording recording, Acceptance one, Instant now) {
    if (one.state() == State.REQUESTED && !now.isBefore(one.lapsesAt())) {
      if (store.move(
          recording.tx(),
          one,
          State.LAPSED,
          Optional.empty(),
          Optional.empty(),
          Optional.empty())) {
        recording.append(settlement(one, State.LAPSED, NOBODY, now));
      }
      return true;
    }
    if (one.state() == State.AGREED && !one.holds(now)) {
      boolean _ = over(recording, one, State.EXPIRED, "expired", Optional.empty(), NOBODY, now);
      return true;
    }
    return false;
  }

  private boolean over(
      Recording recording,
      Acceptance one,
      State to,
      String why,
      Optional<PersonName> ended,
      String by,
      Instant now) {
    if (!store.move(recording.tx(), one, to, Optional.empty(), Optional.empty(), ended)) {
      return false;
    }
    var entry =
        Entry.of(EntryType.EXCEPTION_ENDED, now)
            .with("of", one.id().value())
            .with("finding", one.finding().value())
            .with("why", why);
    recording.append(ended.isPresent() ? entry.with("by", by) : entry);
    return true;
  }

  private static Entry settlement(Acceptance one, State outcome, String by, Instant now) {
    return Entry.of(EntryType.EXCEPTION_SETTLED, now)
        .with("of", one.id().value())
        .with("finding", one.finding().value())
        .with("outcome", outcome.name().toLowerCase(java.util.Locale.ROOT))
        .with("by", by);
  }

  /// Returns what is accepted at `now`, by the finding.
  public Map<FindingId, Acceptance> accepted(Instant now) {
    var accepted = new HashMap<FindingId, Acceptance>();
    for (var one : database.transact(tx -> store.alive(tx))) {
      if (one.holds(now)) {
        accepted.put(one.finding(), one);
      }
    }
    return Map.copyOf(accepted);
  }

  /// Returns what waits for an answer.
  public List<Acceptance> open() {
    return database.transact(tx -> store.alive(tx)).stream()
        .filter(one -> one.state() == State.REQUESTED)
        .toList();
  }

  /// Returns the newest, at most 200.
  public List<Acceptance> newest() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  public Optional<Acceptance> find(ExceptionId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// Whether what it accepts is so serious that agreeing takes a fresh sign-in.
  public boolean isSerious(Acceptance one) {
    return finding(one).filter(known -> known.severity() == Finding.Severity.HIGH).isPresent();
  }

  /// Returns what an exception is about.
  public Optional<Finding> finding(Acceptance one) {
    return findings.find(one.finding());
  }
}
