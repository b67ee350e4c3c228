package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.gateway.CredentialDoor;
import dev.remit.server.gateway.CredentialDoor.Asking;
import dev.remit.server.gateway.CredentialDoor.Verdict;
import dev.remit.server.gateway.CredentialDoor.Wanted;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.lending.Lent.State;
import dev.remit.server.lending.postgres.Marks;
import dev.remit.server.lending.postgres.Place;
import dev.remit.server.lending.postgres.PlaceFailed;
import dev.remit.server.lending.postgres.Roles;
import dev.remit.server.lending.postgres.Scram;
import dev.remit.server.tokens.Standings;
import dev.remit.server.tokens.Task;
import dev.remit.server.tokens.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Issues one credential. This file is the whole path: read it from top to bottom to know what has
/// to hold before an agent gets a password, and what is durable at each step.
///
/// Decided as a call is, at the gateway's [CredentialDoor]; the intent, durable, before anything is
/// done at the database; the role; then recorded as issued, and only then handed over. Standing is
/// looked at again after the intent and after the role: a suspension in between has either marked
/// the row or is seen here.
final class Issuing {
  private static final Logger LOG = LoggerFactory.getLogger(Issuing.class);

  private final InstantSource clock;
  private final LendingConfig config;
  private final CredentialDoor door;
  private final Ledger ledger;
  private final Tasks tasks;
  private final Standings standings;
  private final Sweep sweep;
  private final Marks marks;
  private final Roles roles;
  private final Ending ending;
  private final Revealing revealing;
  private final LendingCrashes crashes;
  private final CredentialStore store = new CredentialStore();

  Issuing(
      InstantSource clock,
      LendingConfig config,
      CredentialDoor door,
      Ledger ledger,
      Tasks tasks,
      Standings standings,
      Sweep sweep,
      Marks marks,
      Roles roles,
      Ending ending,
      Revealing revealing,
      LendingCrashes crashes) {
    this.clock = clock;
    this.config = config;
    this.door = door;
    this.ledger = ledger;
    this.tasks = tasks;
    this.standings = standings;
    this.sweep = sweep;
    this.marks = marks;
    this.roles = roles;
    this.ending = ending;
    this.revealing = revealing;
    this.crashes = crashes;
  }

  /// What comes of asking.
  sealed interface Answer {

    /// The agent has it.
    ///
    /// @param password told once, here, and kept nowhere
    record Issued(Lent lent, String password, Receipt receipt) implements Answer {

      /// Without the password.
      @Override
      public String toString() {
        return lent.id().value();
      }
    }

    /// The agent has a link that shows a secret once.
    record Offered(Revealing.Offered offered) implements Answer {}

    /// Policy or what comes before it says no.
    record Refused(Verdict.No why) implements Answer {}

    /// It was permitted and does not happen.
    record Withheld(Why why, String detail, String remedy) implements Answer {}
  }

  /// Why a permitted credential is not issued.
  enum Why {
    TASK_ENDED,
    TOO_MANY,
    QUARANTINED,
    UNREACHABLE,
    STOPPED
  }

  Answer issue(Asking asking) {
    return switch (door.judge(asking)) {
      case Verdict.No no -> new Answer.Refused(no);
      case Verdict.Yes yes -> {
        long began = System.nanoTime();
        Answer answer = null;
        try {
          answer =
              switch (yes.wanted()) {
                case Wanted.Access access -> intend(asking, yes, access);
                case Wanted.Reveal reveal ->
                    new Answer.Offered(revealing.offer(asking, yes, reveal));
              };
          yield answer;
        } finally {
          boolean issued = answer instanceof Answer.Issued || answer instanceof Answer.Offered;
          door.ended(yes, issued, Duration.ofNanos(System.nanoTime() - began));
        }
      }
    };
  }

  private Answer intend(Asking asking, Verdict.Yes yes, Wanted.Access access) {
    var place = Place.of(access.database());
    var untrusted = sweep.untrusted(place);
    if (untrusted.isPresent()) {
      return untrusted.get();
    }
    var now = clock.instant();
    long epochs =
        Ending.epochs(
            standings,
            yes.claims().identity(),
            yes.claims().workflow(),
            yes.workflow().owner(),
            asking.resource());
    return switch (ledger.transact(
        recording -> intend(recording, asking, yes, place, epochs, now))) {
      case Intended.Not(var why) -> why;
      case Intended.Durable(var lent) -> {
        crashes.at(LendingCrash.ISSUE_AFTER_INTENT);
        yield make(asking, yes, access, lent);
      }
    };
  }

  private sealed interface Intended {
    record Durable(Lent lent) implements Intended {}

    record Not(Answer.Withheld why) implements Intended {}
  }

  /// What the task is and has is read where the intent is written: two at once do not both see room
  /// for one.
  private Intended intend(
      Recording recording, Asking asking, Verdict.Yes yes, Place place, long epochs, Instant now) {
    var task = tasks.find(recording.tx(), yes.claims().task());
    if (task.isEmpty() || !task.get().isAlive(now)) {
      return new Intended.Not(
          new Answer.Withheld(Why.TASK_ENDED, "the task has ended", "start a new task"));
    }
    long left = store.left(recording.tx(), yes.claims().task());
    if (left >= config.perTaskMax()) {
      return new Intended.Not(
          new Answer.Withheld(
              Why.TOO_MANY,
              "this task has " + left + " credentials already, the most that one may have",
              "use one of them, give one back with `remit credential revoke`, or raise"
                  + " `credentials.perTaskMax`"));
    }
    var lent = lent(asking, yes, place, task.get(), epochs, now);
    store.add(recording.tx(), lent);
    recording.append(LendingEntries.intended(lent));
    return new Intended.Durable(lent);
  }

  private Lent lent(
      Asking asking, Verdict.Yes yes, Place place, Task task, long epochs, Instant now) {
    var id = CredentialId.fresh(now);
    var wanted = now.plus(config.lifetimeMax());
    var end = task.scope().expiresAt();
    return new Lent(
        id,
        task.id(),
        yes.claims().identity(),
        yes.claims().subject(),
        yes.claims().workflow(),
        yes.workflow().owner(),
        epochs,
        asking.resource(),
        asking.profile(),
        yes.decision(),
        marks.role(id.value().substring(id.value().indexOf('_') + 1)),
        place,
        State.INTENT,
        Optional.empty(),
        now.truncatedTo(ChronoUnit.MICROS),
        (wanted.isBefore(end) ? wanted : end).truncatedTo(ChronoUnit.MILLIS),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty());
  }

  private Answer make(Asking asking, Verdict.Yes yes, Wanted.Access access, Lent lent) {
    var stopped = door.stopped(asking);
    if (stopped.isPresent()) {
      return abandon(lent, new Answer.Withheld(Why.STOPPED, stopped.get(), "start a new task"));
    }
    var password = Scram.password();
    long began = System.nanoTime();
    try {
      roles.make(
          lent.place(),
          new Roles.Wanted(
              lent.role(),
              Scram.verifier(password),
              lent.expiresAt(),
              access.profile().connectionsMax(),
              access.profile().roles()));
    } catch (PlaceFailed e) {
      LOG.warn("credential {} was not made: {}", lent.id(), e.why());
      return abandon(lent, unreachable(lent, e));
    }
    crashes.at(LendingCrash.ISSUE_AFTER_ROLE);
    return handOver(asking, yes, lent, password, Duration.ofNanos(System.nanoTime() - began));
  }

  private Answer handOver(
      Asking asking, Verdict.Yes yes, Lent lent, String password, Duration took) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    boolean active =
        ledger.transact(recording -> {
          boolean first = store.activate(recording.tx(), lent.id(), now);
          if (first) {
            recording.append(LendingEntries.issued(lent, took, now));
          }
          return first;
        });
    crashes.at(LendingCrash.ISSUE_AFTER_ACTIVE);
    var stopped = active ? door.stopped(asking) : Optional.of("it was revoked while it was made");
    return stopped.isPresent()
        ? abandon(lent, new Answer.Withheld(Why.STOPPED, stopped.get(), "start a new task"))
        : new Answer.Issued(lent, password, yes.receipt());
  }

  /// Nobody has the password, and the role may be there: it is taken away like any other.
  private Answer abandon(Lent lent, Answer.Withheld why) {
    ending.abandon(lent.id());
    return why;
  }

  private static Answer.Withheld unreachable(Lent lent, PlaceFailed e) {
    return new Answer.Withheld(
        Why.UNREACHABLE,
        "the database of resource `" + lent.resource() + "` did not make the role: " + e.why(),
        "`remit credential check " + lent.resource() + "` says what is wrong with it");
  }
}
