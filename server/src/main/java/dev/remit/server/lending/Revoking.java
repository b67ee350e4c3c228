package dev.remit.server.lending;

import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.lending.Lent.State;
import dev.remit.server.lending.postgres.PlaceFailed;
import dev.remit.server.lending.postgres.Roles;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes away what is marked: a few at a time, again and again with growing pauses, for as long as
/// it takes. The table is the queue, so nothing is lost with this process and nothing grows in it.
///
/// What takes longer than is set is an alarm (`STUCK`, a finding), and is tried on.
final class Revoking {
  private static final Logger LOG = LoggerFactory.getLogger(Revoking.class);
  private static final Duration PAUSE_MIN = Duration.ofMillis(250);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
  private static final int DOUBLINGS_MAX = 7;

  private final InstantSource clock;
  private final LendingConfig config;
  private final Database database;
  private final Ledger ledger;
  private final Findings findings;
  private final Roles roles;
  private final LendingCrashes crashes;
  private final Runnable done;
  private final Semaphore slots;
  private final CredentialStore store = new CredentialStore();

  /// @param done told whenever one is through, whether it is gone or is to be tried again
  Revoking(
      InstantSource clock,
      LendingConfig config,
      Database database,
      Ledger ledger,
      Findings findings,
      Roles roles,
      LendingCrashes crashes,
      Runnable done) {
    this.clock = clock;
    this.config = config;
    this.database = database;
    this.ledger = ledger;
    this.findings = findings;
    this.roles = roles;
    this.crashes = crashes;
    this.done = done;
    this.slots = new Semaphore(config.revocationsAtOnce());
  }

  /// Begins as many as are due and may be under way, and does not wait for them.
  void begin() {
    int free = slots.drainPermits();
    if (free == 0) {
      return;
    }
    int begun = 0;
    try {
      var now = clock.instant();
      // Longer than an attempt can take: until then no other node tries the same.
      var until = now.plus(config.within().multipliedBy(6));
      for (var lent : database.transact(tx -> store.claim(tx, now, until, free))) {
        begun++;
        Thread.ofVirtual().name("revoke " + lent.id()).start(() -> take(lent));
      }
    } finally {
      slots.release(free - begun);
    }
  }

  /// Waits until none of this node's attempts is under way, so that nothing is closed under them.
  boolean awaitNone(Duration max) throws InterruptedException {
    boolean none =
        slots.tryAcquire(config.revocationsAtOnce(), max.toMillis(), TimeUnit.MILLISECONDS);
    if (none) {
      slots.release(config.revocationsAtOnce());
    }
    return none;
  }

  private void take(Lent lent) {
    try {
      crashes.at(LendingCrash.REVOKE_AFTER_MARK);
      try {
        var gone = roles.take(lent.place(), lent.role());
        end(lent, gone);
        crashes.at(LendingCrash.REVOKE_AFTER_END);
      } catch (PlaceFailed e) {
        failed(lent, e.why());
      }
    } catch (DatabaseUnavailable e) {
      // The claim runs out, and then it is tried again: every step may be done twice.
      LOG.warn("what became of revoking {} could not be recorded: {}", lent.id(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("revoking {} failed in a way that is not expected", lent.id(), e);
    } finally {
      slots.release();
      done.run();
    }
  }

  private void end(Lent lent, Roles.Gone gone) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    ledger.transact(recording -> {
      boolean first = store.end(recording.tx(), lent.id(), now);
      if (first) {
        recording.append(LendingEntries.ended(lent, gone, now));
      }
      return first;
    });
  }

  private void failed(Lent lent, String why) {
    var now = clock.instant();
    var pause = PAUSE_MIN.multipliedBy(1L << Math.min(lent.attempts(), DOUBLINGS_MAX));
    var next = now.plus(pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX);
    var error = LendingEntries.shortened(why);
    LOG.warn("credential {} could not be taken away: {}", lent.id(), why);
    database.run(tx -> store.failed(tx, lent.id(), error, next));
    var since = lent.revokingAt().orElse(now);
    if (since.plus(config.stuckAfter()).isAfter(now)) {
      return;
    }
    if (lent.state() == State.REVOKING) {
      stick(lent, error, now);
    }
    findings.raise(stuck(lent, error), now);
  }

  private void stick(Lent lent, String error, Instant now) {
    ledger.transact(recording -> {
      boolean first = store.stick(recording.tx(), lent.id());
      if (first) {
        recording.append(LendingEntries.stuck(lent, error, now));
      }
      return first;
    });
  }

  private static Finding.Sighting stuck(Lent lent, String error) {
    return new Finding.Sighting(
        "credential-stuck",
        lent.id().value(),
        Finding.Severity.HIGH,
        "role "
            + lent.role()
            + " at "
            + lent.place()
            + " should be gone and cannot be taken away: "
            + error,
        "mend what it says, then `remit credential revoke "
            + lent.id()
            + "` tries again at once; it is tried on by itself, too",
        Role.SECURITY);
  }
}
