package dev.remit.server.changes;

import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
  private final BlockingQueue<Seen> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread worker;
  private volatile Map<ChangeId, Map<String, String>> known;

  /// One thing that an answer has shown of what decides an identity.
  ///
  /// @param kind a word such as `model`, `service-tier` or `system-fingerprint`
  public record Seen(Identity identity, String kind, String value) {}

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
    this.worker = Thread.ofVirtual().name("model-watch").start(this::work);
  }

  /// Takes note of what an answer has shown. Does not block; when more differs than can be looked
  /// at, the rest is seen again with the next answer.
  public void seen(Seen one) {
    var governing = changes.governing(one.identity());
    if (governing.isPresent()) {
      var values = known.getOrDefault(governing.get().id(), Map.of());
      if (!one.value().equals(values.get(one.kind())) && !waiting.offer(one)) {
        LOG.debug("too much is seen at once of {}", one.identity().name());
      }
    }
  }

  private void work() {
    try {
      while (true) {
        var next = waiting.take();
        try {
          compare(next, clock.instant());
        } catch (RuntimeException e) {
          LOG.warn("what was seen of {} could not be looked at", next.identity().name(), e);
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
    var action = terms.flatMap(known -> known.act(measure, value));
    if (action.isEmpty()) {
      return Optional.empty();
    }
    var opened = changes.report(identity, origin, kind, says, by, since);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    tell(identity, opened.get(), measure, kind + " is now `" + says + "`", since);
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

  private void tell(Identity identity, ChangeId id, Measure measure, String says, Instant now) {
    findings.raise(
        new Finding.Sighting(
            "model-" + measure.word(),
            identity.workflow() + " " + identity.name(),
            Finding.Severity.HIGH,
            "what decides `%s` behaves otherwise than what was approved: %s"
                .formatted(identity.name(), says),
            "look at it (`remit changes show %s`), evaluate it anew, approve it or take it back"
                .formatted(id),
            Role.OWNER),
        now);
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
        now);
  }

  /// Returns the identities that `model` decides.
  public java.util.List<Identity> decidedBy(ModelName model) {
    return changes.decidedBy(model);
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
      lookAhead(now);
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
