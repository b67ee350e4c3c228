package dev.remit.server.changes;

import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Subject;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.ModelTerms.Action;
import dev.remit.server.registry.ModelTerms.Measure;
import dev.remit.server.registry.Registry;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What goes wrong after the approval: something is seen or told that was not approved, so the
/// criteria that are declared with the model are executed, by machine and at once.
///
/// What is seen is first compared in memory; only what differs goes further, on a thread of its
/// own, so that no call waits for it.
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final int WAITING_MAX = 1_000;
  private static final PersonName REMIT = Moves.REMIT;

  private final Database database;
  private final Registry registry;
  private final Changes changes;
  private final Rollback rollback;
  private final Findings findings;
  private final InstantSource clock;
  private final ChangeStore store = new ChangeStore();
  private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Runnable> looks = new CopyOnWriteArrayList<>();
  private final Thread worker;
  private volatile Map<ChangeId, Map<String, String>> known;

  /// One thing that an answer has shown of what decides an identity.
  ///
  /// @param kind a word such as `model`, `service-tier` or `system-fingerprint`
  public record Seen(Identity identity, String kind, String value) {}

  /// What waits to be looked at.
  ///
  /// @param undeclared whether it contradicts what is declared, whatever was seen before
  private record Waiting(Seen seen, boolean undeclared) {}

  public Watch(
      Database database,
      Registry registry,
      Changes changes,
      Rollback rollback,
      Findings findings,
      InstantSource clock) {
    this.database = database;
    this.registry = registry;
    this.changes = changes;
    this.rollback = rollback;
    this.findings = findings;
    this.clock = clock;
    this.known = database.transact(store::seen);
    changes.onWorse(this::regressed);
    this.worker = Thread.ofVirtual().name("model-watch").start(this::work);
  }

  /// Takes note of what an answer has shown. Does not block; when more differs than can be looked
  /// at, the rest is seen again with the next answer.
  public void seen(Seen one) {
    var governing = changes.governing(one.identity());
    if (governing.isPresent()) {
      var values = known.getOrDefault(governing.get().id(), Map.of());
      if (!one.value().equals(values.get(one.kind()))) {
        offer(new Waiting(one, false));
      }
    }
  }

  private void offer(Waiting one) {
    if (!waiting.offer(one)) {
      LOG.debug("too much is seen at once of {}", one.seen().identity().name());
    }
  }

  /// Takes note that a request contradicts what is declared of the identity, such as by another
  /// system prompt. Does not block.
  ///
  /// @return whether nobody has accepted that
  public boolean undeclared(Seen one) {
    var governing = changes.governing(one.identity());
    boolean accepted =
        governing
            .map(change -> known.getOrDefault(change.id(), Map.of()).get(one.kind()))
            .filter(one.value()::equals)
            .isPresent();
    if (!accepted && governing.filter(change -> change.state().isGood()).isPresent()) {
      offer(new Waiting(one, true));
    }
    return !accepted;
  }

  private void work() {
    try {
      while (true) {
        var next = waiting.take();
        try {
          if (next.undeclared()) {
            contradicted(next.seen(), clock.instant());
          } else {
            compare(next.seen(), clock.instant());
          }
        } catch (RuntimeException e) {
          LOG.warn("what was seen of {} could not be looked at", next.seen().identity().name(), e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Holds what was seen against what was seen first, which it becomes where nothing was.
  void compare(Seen one, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var governing = changes.governing(one.identity());
    if (governing.isEmpty() || !governing.get().state().isGood()) {
      return;
    }
    var id = governing.get().id();
    var first =
        database.transact(tx -> {
          store.seen(tx, id, one.kind(), one.value(), now);
          return store.seen(tx);
        });
    known = first;
    var accepted = first.getOrDefault(id, new HashMap<>()).get(one.kind());
    if (!one.value().equals(accepted)) {
      breach(
          one.identity(),
          Origin.OBSERVED,
          Measure.VENDOR_CHANGE,
          1,
          one.kind(),
          one.value(),
          REMIT,
          now);
    }
  }

  /// What the deployer runs otherwise than declared is no fault of the provider, so no criterion
  /// takes anything back: it makes suspect.
  void contradicted(Seen one, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    known = database.transact(store::seen);
    var governing = changes.governing(one.identity());
    boolean looksNew =
        governing
            .filter(change -> change.state().isGood())
            .map(change -> known.getOrDefault(change.id(), Map.of()).get(one.kind()))
            .filter(one.value()::equals)
            .isEmpty();
    if (governing.filter(change -> change.state().isGood()).isEmpty() || !looksNew) {
      return;
    }
    changes
        .report(one.identity(), Origin.OBSERVED, one.kind(), one.value(), REMIT, now)
        .ifPresent(id ->
            tell(
                one.identity(),
                id,
                "model-undeclared",
                one.kind() + " is `" + one.value() + "`, which is not declared",
                now));
  }

  /// Something in use fails a suite that it had passed.
  private void regressed(Changes.Worse one) {
    if (!one.change().state().isGood()) {
      return;
    }
    registry
        .current()
        .identity(one.change().identity())
        .filter(identity ->
            changes
                .governing(identity)
                .filter(now -> now.id().equals(one.change().id()))
                .isPresent())
        .ifPresent(identity -> {
          var _ =
              breach(
                  identity,
                  Measure.QUALITY_REGRESSION,
                  Math.max(1, one.worse()),
                  "evaluation",
                  "`%s` fails in %s".formatted(one.shown().suite(), one.shown().run()),
                  clock.instant());
        });
  }

  /// What was done about a breach.
  ///
  /// @param change what was opened
  /// @param done the hardest that was executed
  public record Acted(ChangeId change, Action done) {}

  /// The same, of what was seen and nobody told.
  public Optional<Acted> breach(
      Identity identity, Measure measure, long value, String kind, String says, Instant at) {
    return breach(identity, Origin.OBSERVED, measure, value, kind, says, Moves.REMIT, at);
  }

  /// Takes note that something is otherwise than approved, and executes what the model's criteria
  /// say of it. Where they say nothing, it becomes suspect.
  ///
  /// @param value how much, in ten-thousandths; a vendor's change is 1
  /// @param kind what, as a word
  /// @param says how it is now
  /// @return empty where that is within what was agreed, or no model decides `identity`
  public Optional<Acted> breach(
      Identity identity,
      Origin origin,
      Measure measure,
      long value,
      String kind,
      String says,
      PersonName by,
      Instant at) {
    var since = at.truncatedTo(ChronoUnit.MICROS);
    var governing = changes.governing(identity);
    var terms = governing.map(changes::terms);
    var action = terms.flatMap(agreed -> agreed.act(measure, value));
    boolean known =
        origin == Origin.OBSERVED
            && !governing.map(Change::state).filter(State::isGood).isPresent();
    if (action.isEmpty() || known) {
      return Optional.empty();
    }
    var opened = changes.report(identity, origin, kind, says, by, since);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    tell(identity, opened.get(), "model-" + measure.word(), kind + " is now `" + says + "`", since);
    return Optional.of(
        new Acted(
            opened.get(), execute(governing.get(), opened.get(), action.get(), measure, since)));
  }

  private Action execute(
      Change governing, ChangeId opened, Action action, Measure measure, Instant since) {
    var reason = "criterion `" + measure.word() + "` is met";
    return switch (action) {
      case SUSPECT -> Action.SUSPECT;
      case SUSPEND -> {
        changes.suspend(governing.id(), REMIT, reason, since);
        yield Action.SUSPEND;
      }
      case ROLLBACK ->
          switch (rollback.of(opened, REMIT, reason, since)) {
            case Optional<Rollback.Done> done
                when done.filter(Rollback.Done.Restored.class::isInstance).isPresent() -> {
              changes.moved(governing.id(), State.RETIRED, REMIT, reason, clock.instant());
              yield Action.ROLLBACK;
            }
            case Optional<Rollback.Done> done -> {
              var why = done.map(Object::toString).orElse("there is nothing to go back to");
              changes.suspend(
                  governing.id(), REMIT, reason + ", and it cannot go back: " + why, since);
              yield Action.SUSPEND;
            }
          };
    };
  }

  private void tell(Identity identity, ChangeId id, String kind, String says, Instant now) {
    findings.raise(
        new Finding.Sighting(
            kind,
            identity.workflow() + " " + identity.name(),
            Finding.Severity.HIGH,
            "what decides `%s` behaves otherwise than what was approved: %s"
                .formatted(identity.name(), says),
            "look at it (`remit changes show %s`), evaluate it anew, approve it or take it back"
                .formatted(id),
            Role.OWNER),
        about(identity),
        now);
  }

  /// So that the owner of that workflow is told, and not everybody who owns one.
  private static Subject about(Identity identity) {
    return new Subject(
        Optional.empty(), Optional.of(identity.workflow().value()), Optional.empty());
  }

  /// Tells the owners of what is about to be withdrawn, in time for their plan.
  public void lookAhead(Instant now) {
    for (var model : registry.current().models()) {
      boolean soon =
          model.lifecycle() == Lifecycle.WITHDRAWN
              || model
                  .terms()
                  .withdrawsAt()
                  .filter(at -> now.plus(changes.config().withdrawalAhead()).isAfter(at))
                  .isPresent();
      if (soon) {
        changes.decidedBy(model.name()).forEach(identity -> tellOfWithdrawal(identity, model, now));
      }
    }
  }

  private void tellOfWithdrawal(Identity identity, Model model, Instant now) {
    var when = model.terms().withdrawsAt().map(at -> "at " + at).orElse("now");
    findings.raise(
        new Finding.Sighting(
            "model-withdrawn",
            identity.workflow() + " " + identity.name() + " " + model.name(),
            Finding.Severity.HIGH,
            "the provider of the model `%s`, which decides `%s`, withdraws it %s"
                .formatted(model.name(), identity.name(), when),
            model
                .terms()
                .fallback()
                .map(name -> "declare its fallback `" + name + "` as the model and `remit apply`")
                .orElse("name a `fallback` in its manifest, evaluate it, and `remit apply`"),
            Role.OWNER),
        about(identity),
        now);
  }

  /// Returns the identities that `model` decides.
  public List<Identity> decidedBy(ModelName model) {
    return changes.decidedBy(model);
  }

  /// Returns when what decides an identity by `model` was last accepted as it is, if it was.
  public Optional<Instant> acceptedAt(ModelName model) {
    return changes.acceptedAt(model);
  }

  /// Has `look` done, too, each time that it looks.
  public void alsoLook(Runnable look) {
    looks.add(look);
  }

  /// Looks now and then at what has been watched long enough, and at what is to be withdrawn.
  public void every(Duration pause, InstantSource at) {
    Thread.ofVirtual()
        .name("model-changes")
        .start(() -> {
          try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
              lookOrWarn(at.instant());
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void lookOrWarn(Instant now) {
    try {
      changes.sweep(now);
      known = database.transact(store::seen);
      lookAhead(now);
      looks.forEach(Runnable::run);
    } catch (RuntimeException e) {
      LOG.warn("changes could not be looked at: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    closed.countDown();
    worker.interrupt();
  }
}
