package dev.remit.server.emergency;

import dev.remit.kernel.identity.EmergencyId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.decisions.Question;
import dev.remit.server.emergency.Emergency.Review;
import dev.remit.server.emergency.Emergency.Reviewed;
import dev.remit.server.emergency.Emergency.Settlement;
import dev.remit.server.emergency.Emergency.State;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.Listening;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens, uses, ends and reviews emergencies; each is one transaction with its ledger entry and,
/// where it is loud, its finding.
///
/// Whether one may cover a call is asked of memory, which follows notices; that it does is a row of
/// the database, taken for this one call. Its end needs nothing: it is the clock that says it.
public final class Emergencies implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Emergencies.class);
  private static final int LIST_MAX = 100;
  private static final String NOBODY = "remit";

  private final Database database;
  private final Ledger ledger;
  private final Alarms alarms;
  private final EmergencyConfig config;
  private final Supplier<Registered> registered;
  private final EmergencyStore store = new EmergencyStore();
  private final Listening listening;
  private volatile List<Emergency> alive = List.of();

  /// Reads what is open now and starts to follow it.
  ///
  /// @throws DatabaseUnavailable when that cannot be read
  public Emergencies(
      Database database,
      Ledger ledger,
      Findings findings,
      EmergencyConfig config,
      Supplier<Registered> registered) {
    this.database = database;
    this.ledger = ledger;
    this.alarms = new Alarms(findings);
    this.config = config;
    this.registered = registered;
    this.listening = database.listen(EmergencyStore.CHANNEL, _ -> tryRefresh(), this::tryRefresh);
    refresh();
  }

  public EmergencyConfig config() {
    return config;
  }

  /// Returns those that lift something at `now`.
  public List<Emergency> open(Instant now) {
    return alive.stream().filter(one -> one.holds(now)).toList();
  }

  /// Returns the one by which the call that is asked about may go on; nothing is taken of it yet.
  public Optional<EmergencyId> covering(Question question) {
    var now = alive;
    if (now.isEmpty()) {
      return Optional.empty();
    }
    var workflow = registered.get().identity(question.identity()).map(Identity::workflow);
    return now.stream()
        .filter(one -> one.holds(question.now()))
        .filter(one -> workflow.filter(of -> one.lifted().covers(question, of)).isPresent())
        .map(Emergency::id)
        .findFirst();
  }

  /// What is wished.
  ///
  /// @param calls from 1 to [EmergencyConfig#callsMax]
  /// @param lasts at most [EmergencyConfig#lastsMax]
  /// @param reason what the emergency is
  public record Wish(Lifted lifted, int calls, Duration lasts, String reason) {}

  /// What becomes of a wish.
  public sealed interface Requested {

    /// Somebody else may agree now; or it is open, where one person is enough.
    record Made(Emergency emergency) implements Requested {}

    /// The workflow has one that is asked for or open.
    record Another(Emergency emergency) implements Requested {}
  }

  /// Asks for glass to be broken; breaks it where one person is enough.
  public Requested request(Wish wish, PersonName by, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var fresh =
        new Emergency(
            EmergencyId.fresh(now),
            State.REQUESTED,
            wish.lifted(),
            wish.calls(),
            0,
            wish.lasts(),
            wish.reason(),
            by,
            now,
            now.plus(config.answerWithin()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var requested =
        ledger.<Requested>transact(recording -> {
          store.alive(recording.tx()).forEach(one -> overdue(recording, one, now));
          if (!store.insert(recording.tx(), fresh)) {
            return new Requested.Another(another(recording, fresh));
          }
          recording.append(
              EmergencyEntries.requested(fresh, now), Body.of("reason", wish.reason()));
          if (config.alone()) {
            boolean _ = open(recording, fresh, Optional.empty(), now.plus(wish.lasts()), now);
          }
          return new Requested.Made(store.find(recording.tx(), fresh.id()).orElseThrow());
        });
    refresh();
    return requested;
  }

  private Emergency another(Recording recording, Emergency fresh) {
    return store.alive(recording.tx()).stream()
        .filter(one -> one.lifted().workflow().equals(fresh.lifted().workflow()))
        .findFirst()
        .orElse(fresh);
  }

  /// Settles a wish by another person's answer.
  ///
  /// @return what it comes to; empty if there is no such wish
  public Optional<Settlement> answer(EmergencyId id, PersonName by, boolean agrees, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var settlement =
        ledger.transact(recording ->
            store
                .find(recording.tx(), id)
                .map(one ->
                    settled(
                        recording, one, one.settle(by, agrees, registered.get(), now), by, now)));
    refresh();
    return settlement;
  }

  private Settlement settled(
      Recording recording, Emergency one, Settlement meant, PersonName by, Instant now) {
    switch (meant) {
      case Settlement.Agreed(var until) -> {
        if (!open(recording, one, Optional.of(by), until, now)) {
          return beaten(recording, one);
        }
      }
      case Settlement.Declined() -> {
        if (!store.move(recording.tx(), one, State.DECLINED, Optional.of(by))) {
          return beaten(recording, one);
        }
        recording.append(EmergencyEntries.settled(one, "declined", by.value(), now));
      }
      case Settlement.Lapsed _ -> overdue(recording, one, now);
      case Settlement.Settled _, Settlement.OwnRequest _ -> {}
    }
    return meant;
  }

  /// Another node has settled it meanwhile, and recorded that; here nothing happened.
  private Settlement beaten(Recording recording, Emergency one) {
    return new Settlement.Settled(store.find(recording.tx(), one.id()).orElse(one).state());
  }

  /// @param by who agreed; empty where one person was enough
  private boolean open(
      Recording recording, Emergency one, Optional<PersonName> by, Instant until, Instant now) {
    var reviewBy = until.plus(config.reviewWithin());
    if (!store.open(recording.tx(), one.id(), by, until, reviewBy)) {
      return false;
    }
    recording.append(
        EmergencyEntries.settled(
                one, by.isPresent() ? "agreed" : "alone", by.orElse(one.requestedBy()).value(), now)
            .with("expiresAt", until)
            .with("reviewBy", reviewBy));
    alarms.opened(recording, one, by.isEmpty(), until, now);
    LOG.warn("GLASS IS BROKEN until {}: {} for {}", until, one.id(), one.lifted().said());
    return true;
  }

  /// Takes one of its calls for the one that is about to be recorded and made. From here on it is
  /// spent, whatever becomes of the call.
  ///
  /// @return false if it lifts nothing any more
  /// @throws DatabaseUnavailable when it could not be made durable; the call must not be made
  public boolean use(EmergencyId id, Use use, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    boolean taken =
        ledger.transact(recording -> {
          var one = store.find(recording.tx(), id).filter(found -> found.holds(now));
          if (one.isEmpty() || !store.use(recording.tx(), one.get())) {
            return false;
          }
          recording.append(EmergencyEntries.used(one.get(), use, now));
          if (one.get().used() + 1 == one.get().calls()) {
            over(recording, one.get(), State.SPENT, NOBODY, now);
          }
          return true;
        });
    refresh();
    return taken;
  }

  /// Ends one at once, or takes a wish back. One person is enough for that.
  ///
  /// @return what was ended; empty if there is none that is alive
  public Optional<Emergency> end(EmergencyId id, PersonName by, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var ended =
        ledger.transact(recording -> {
          var one =
              store
                  .find(recording.tx(), id)
                  .filter(any -> any.state() == State.REQUESTED || any.state() == State.OPEN)
                  .filter(any -> !overdue(recording, any, now));
          one.ifPresent(any -> over(recording, any, State.ENDED, by.value(), now));
          return one;
        });
    refresh();
    return ended;
  }

  /// Takes the review of somebody who had no part in it, and closes its findings.
  ///
  /// @param says what they found; 1 to 2,000 characters
  /// @return what it comes to; empty if there is no such emergency
  public Optional<Reviewed> review(
      EmergencyId id, PersonName by, boolean justified, String says, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    return ledger.transact(recording -> {
      var found = store.find(recording.tx(), id);
      found.ifPresent(one -> overdue(recording, one, now));
      var meant = found.map(one -> one.reviewed(by, registered.get(), now));
      if (meant.filter(Reviewed.Done.class::isInstance).isPresent()) {
        var review = new Review(by, now, justified);
        if (!store.review(recording.tx(), id, review)) {
          return store
              .find(recording.tx(), id)
              .flatMap(Emergency::review)
              .map(Reviewed.Already::new);
        }
        recording.append(
            EmergencyEntries.reviewed(found.orElseThrow(), review), Body.of("review", says));
        alarms.reviewed(recording, found.orElseThrow(), by, says, now);
      }
      return meant;
    });
  }

  /// Records the end of what is over by the clock, and says which reviews are late.
  public void sweep(Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    int seen =
        ledger.transact(recording -> {
          var known = store.alive(recording.tx());
          known.forEach(one -> overdue(recording, one, now));
          var late = store.overdue(recording.tx(), now);
          late.forEach(one -> alarms.unreviewed(recording, one, now));
          return known.size() + late.size();
        });
    if (seen > 0) {
      refresh();
    }
  }

  private boolean overdue(Recording recording, Emergency one, Instant now) {
    if (one.state() == State.REQUESTED && !now.isBefore(one.lapsesAt())) {
      if (store.move(recording.tx(), one, State.LAPSED, Optional.empty())) {
        recording.append(EmergencyEntries.settled(one, "lapsed", NOBODY, now));
      }
      return true;
    }
    if (one.state() == State.OPEN && !one.holds(now)) {
      over(recording, one, State.EXPIRED, NOBODY, now);
      return true;
    }
    return false;
  }

  private void over(Recording recording, Emergency one, State to, String by, Instant now) {
    if (store.move(recording.tx(), one, to, Optional.empty())) {
      recording.append(EmergencyEntries.ended(one, to.name().toLowerCase(Locale.ROOT), by, now));
    }
  }

  /// Returns the newest, at most 100.
  public List<Emergency> newest() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  public Optional<Emergency> find(EmergencyId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  private void refresh() {
    alive = database.transact(store::alive);
  }

  private void tryRefresh() {
    try {
      refresh();
    } catch (DatabaseUnavailable e) {
      // Nothing can be taken of one meanwhile, so it lets no call through either.
      LOG.warn("cannot read which emergencies are open: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    listening.close();
  }
}
