package dev.remit.server.enforcement;

import dev.remit.kernel.identity.EnforcementId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.enforcement.Observation.Settlement;
import dev.remit.server.enforcement.Observation.State;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.Listening;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says whether policy is enforced, and is the one way to change that.
///
/// Each change is one transaction with its ledger entries. What this node knows is in memory and
/// follows notices; the end of an observation needs none, since it is the clock that says it.
public final class Enforcement implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Enforcement.class);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);
  private static final int LIST_MAX = 50;
  private static final String NOBODY = "remit";

  private final Database database;
  private final Ledger ledger;
  private final EnforcementConfig config;
  private final Supplier<Registered> registered;
  private final InstantSource clock;
  private final ObservationStore store = new ObservationStore();
  private final Listening listening;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<Observation> alive = Optional.empty();

  /// Reads what holds now and starts to follow it.
  ///
  /// @throws DatabaseUnavailable when that cannot be read
  public Enforcement(
      Database database,
      Ledger ledger,
      EnforcementConfig config,
      Supplier<Registered> registered,
      InstantSource clock) {
    this.database = database;
    this.ledger = ledger;
    this.config = config;
    this.registered = registered;
    this.clock = clock;
    this.listening = database.listen(ObservationStore.CHANNEL, _ -> tryRefresh(), this::tryRefresh);
    refresh();
    Thread.ofVirtual().name("enforcement-sweep").start(this::sweepUntilClosed);
  }

  /// Returns the observation under which calls pass at `now` whatever policy says; empty as long as
  /// policy is enforced. On the path of calls: reads memory only.
  public Optional<EnforcementId> observing(Instant now) {
    var known = alive;
    return known.isPresent() && known.get().holds(now)
        ? Optional.of(known.get().id())
        : Optional.empty();
  }

  /// Returns the observation that is asked for or holds now.
  public Optional<Observation> current(Instant now) {
    return alive.filter(
        one -> one.holds(now) || (one.state() == State.REQUESTED && now.isBefore(one.lapsesAt())));
  }

  /// What became of a wish.
  public sealed interface Requested {

    /// Somebody else may agree now.
    record Open(Observation observation) implements Requested {}

    /// Another one is asked for or holds.
    record Another(Observation observation) implements Requested {}
  }

  /// Asks for policy to be observed only, for `lasts`, which is within
  /// [EnforcementConfig#observeMax].
  public Requested request(PersonName by, Duration lasts, String reason, Instant now) {
    var fresh =
        new Observation(
            EnforcementId.fresh(now),
            State.REQUESTED,
            by,
            reason,
            lasts,
            now,
            now.plus(config.answerWithin()),
            Optional.empty(),
            Optional.empty());
    var requested =
        ledger.<Requested>transact(recording -> {
          var other = store.alive(recording.tx()).filter(one -> !overdue(recording, one, now));
          if (other.isPresent()) {
            return new Requested.Another(other.get());
          }
          if (!store.insert(recording.tx(), fresh)) {
            return new Requested.Another(store.alive(recording.tx()).orElse(fresh));
          }
          recording.append(
              entry(EntryType.ENFORCEMENT_REQUESTED, now)
                  .with("id", fresh.id().value())
                  .with("mode", "observe")
                  .with("seconds", lasts.toSeconds())
                  .with("by", by.value())
                  .with("lapsesAt", fresh.lapsesAt()),
              Body.of("reason", reason));
          return new Requested.Open(fresh);
        });
    refresh();
    return requested;
  }

  /// Settles a wish by another person's answer.
  ///
  /// @return what it comes to; empty if there is no such wish
  public Optional<Settlement> answer(EnforcementId id, PersonName by, boolean agrees, Instant now) {
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
      Recording recording, Observation one, Settlement meant, PersonName by, Instant now) {
    switch (meant) {
      case Settlement.Agreed(var until) -> {
        if (!store.move(recording.tx(), one, State.ACTIVE, Optional.of(by), Optional.of(until))) {
          return beaten(recording, one);
        }
        recording.append(settlement(one, "agreed", by.value(), now));
        recording.append(changed(one, "observe", "agreed", by.value(), now).with("until", until));
      }
      case Settlement.Declined _ -> {
        if (!store.move(recording.tx(), one, State.DECLINED, Optional.of(by), Optional.empty())) {
          return beaten(recording, one);
        }
        recording.append(settlement(one, "declined", by.value(), now));
      }
      case Settlement.Lapsed _ -> overdue(recording, one, now);
      case Settlement.Settled _, Settlement.OwnRequest _ -> {}
    }
    return meant;
  }

  /// Another node has settled it meanwhile, and recorded that; here nothing happened.
  private Settlement beaten(Recording recording, Observation one) {
    return new Settlement.Settled(store.find(recording.tx(), one.id()).orElse(one).state());
  }

  /// Enforces policy again at once, or takes a wish back. One person is enough for that.
  ///
  /// @return what was ended; empty if policy was enforced and nothing asked for
  public Optional<Observation> end(PersonName by, Instant now) {
    var ended =
        ledger.transact(recording -> {
          var one = store.alive(recording.tx()).filter(any -> !overdue(recording, any, now));
          one.ifPresent(any -> end(recording, any, State.ENDED, by.value(), "ended", now));
          return one;
        });
    refresh();
    return ended;
  }

  private void end(
      Recording recording, Observation one, State to, String by, String why, Instant now) {
    if (!store.move(recording.tx(), one, to, Optional.empty(), Optional.empty())) {
      return;
    }
    recording.append(
        one.state() == State.ACTIVE
            ? changed(one, "enforce", why, by, now)
            : settlement(one, why, by, now));
  }

  /// Ends what is over by the clock.
  private boolean overdue(Recording recording, Observation one, Instant now) {
    boolean lapsed = one.state() == State.REQUESTED && !now.isBefore(one.lapsesAt());
    boolean expired = one.state() == State.ACTIVE && !one.holds(now);
    if (lapsed) {
      end(recording, one, State.LAPSED, NOBODY, "lapsed", now);
    } else if (expired) {
      end(recording, one, State.EXPIRED, NOBODY, "expired", now);
    }
    return lapsed || expired;
  }

  /// Records the end of what is over by the clock. Policy is enforced again without it.
  public void sweep(Instant now) {
    var known = alive;
    if (known.isPresent() && current(now).isEmpty()) {
      ledger.transact(
          recording -> store.alive(recording.tx()).filter(one -> overdue(recording, one, now)));
      refresh();
      LOG.warn("policy is enforced: {} is over", known.get().id());
    } else if (observing(now).isPresent()) {
      LOG.debug("policy is not enforced");
    }
  }

  /// Returns the newest, at most 50.
  public List<Observation> newest() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  public EnforcementConfig config() {
    return config;
  }

  private void refresh() {
    alive = database.transact(store::alive);
    alive
        .filter(one -> one.holds(clock.instant()))
        .ifPresent(one ->
            LOG.warn(
                "POLICY IS NOT ENFORCED until {}: {}", one.expiresAt().orElseThrow(), one.id()));
  }

  private void tryRefresh() {
    try {
      refresh();
    } catch (DatabaseUnavailable e) {
      // Nothing can be recorded meanwhile, so no call is let through either.
      LOG.warn("cannot read whether policy is enforced: {}", e.getMessage());
    }
  }

  private void sweepUntilClosed() {
    try {
      while (!closed.await(SWEEP_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          sweep(clock.instant());
        } catch (RuntimeException e) {
          LOG.warn("the end of an observation could not be recorded yet: {}", e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    listening.close();
  }

  private static Entry entry(EntryType type, Instant now) {
    return Entry.of(type, now);
  }

  private static Entry settlement(Observation one, String outcome, String by, Instant now) {
    return entry(EntryType.ENFORCEMENT_SETTLED, now)
        .with("request", one.id().value())
        .with("outcome", outcome)
        .with("by", by);
  }

  private static Entry changed(Observation one, String mode, String why, String by, Instant now) {
    return entry(EntryType.ENFORCEMENT_CHANGED, now)
        .with("request", one.id().value())
        .with("mode", mode)
        .with("why", why)
        .with("by", by);
  }
}
