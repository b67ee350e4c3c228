package dev.remit.server.tokens;

import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Measures what a suspension or the end of a task has come to, part by part, and records it as the
/// outcome of that control (`control.measured`).
///
/// That it is to be measured is durable with the change itself. Whoever made the change looks at
/// once and by its own clock, until every part is done or [SuspensionConfig#measureWithin] is over;
/// if it dies, another node does so later and says that it was late. It takes nothing away: each
/// feature does, at each node, whether somebody measures or not.
public final class Controls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controls.class);
  private static final Duration PAUSE_MIN = Duration.ofMillis(2);
  private static final Duration PAUSE_MAX = Duration.ofMillis(100);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);
  private static final Duration KEPT = Duration.ofDays(1);
  private static final int AT_ONCE = 100;

  private final Database database;
  private final Ledger ledger;
  private final Supplier<Registered> registered;
  private final SuspensionConfig config;
  private final Duration staleAfter;
  private final InstantSource clock;
  private final Instant since;
  private final ControlStore store = new ControlStore();
  private final List<ControlPart> parts = new CopyOnWriteArrayList<>();
  private final Map<String, Thread> measuring = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /// @param staleAfter after which a node that was not seen refuses everything by itself
  Controls(
      Database database,
      Ledger ledger,
      Supplier<Registered> registered,
      SuspensionConfig config,
      Duration staleAfter,
      InstantSource clock) {
    this.database = database;
    this.ledger = ledger;
    this.registered = registered;
    this.config = config;
    this.staleAfter = staleAfter;
    this.clock = clock;
    this.since = clock.instant();
  }

  /// Measures `part`, too, from now on.
  public void watch(ControlPart part) {
    parts.add(part);
  }

  /// Measures also how many open calls were cut, which each node tells by [#cut].
  public void watchCuts() {
    watch(
        new ControlPart() {
          @Override
          public String name() {
            return "streams";
          }

          @Override
          public Look look(Tx tx, Taken taken, Instant begun) {
            return store.cut(tx, taken.key(), begun, staleAfter);
          }
        });
  }

  /// Says that this node has cut `count` open calls and none is left.
  public void cut(String taken, long count) {
    database.run(tx -> store.cut(tx, taken, ledger.origin(), count, clock.instant()));
  }

  /// Says that this node has applied everything up to `seq`.
  void heard(long seq) {
    database.run(tx -> store.heard(tx, ledger.origin(), seq, since));
  }

  /// Returns what was measured; empty if nothing was, or not yet.
  public Optional<JsonNode> outcome(TaskId task) {
    return outcome(task.value());
  }

  /// The same, of the suspension that is the standing's last.
  public Optional<JsonNode> outcome(PartyStanding standing) {
    return outcome(Taken.OfParty.key(standing.party(), standing.epoch()));
  }

  private Optional<JsonNode> outcome(String taken) {
    return database.transact(tx -> store.outcome(tx, taken));
  }

  /// Waits at most `max` for what this node measures of `task`.
  void await(TaskId task, Duration max) {
    var thread = measuring.get(task.value());
    try {
      if (thread != null) {
        thread.join(max);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  ControlStore.Due intend(Recording recording, PartyStanding standing, long seq, Instant now) {
    var party = standing.party();
    var taken = Taken.OfParty.key(party, standing.epoch());
    return intend(
        recording,
        new ControlStore.Due(
            taken, party.kind().word(), party.name(), standing.epoch(), seq, standing.by(), now));
  }

  ControlStore.Due intend(Recording recording, TaskId task, String by, long seq, Instant now) {
    return intend(
        recording,
        new ControlStore.Due(task.value(), ControlStore.TASK, task.value(), 0, seq, by, now));
  }

  private ControlStore.Due intend(Recording recording, ControlStore.Due due) {
    store.add(recording.tx(), due);
    return due;
  }

  /// Begins to measure what was said at `beganNanos`, and does not wait for it.
  void begin(ControlStore.Due due, long beganNanos) {
    measuring.computeIfAbsent(
        due.taken(),
        _ ->
            Thread.ofVirtual()
                .name("measure " + due.taken())
                .start(() -> guarded(due, beganNanos, false)));
  }

  /// Measures what somebody has begun and not finished. Whoever is alive has finished long before.
  void sweep(Instant now) {
    database.run(tx -> store.prune(tx, now.minus(KEPT)));
    var before = now.minus(config.measureWithin().multipliedBy(2));
    for (var due : database.transact(tx -> store.due(tx, before, AT_ONCE))) {
      var since = Duration.between(due.begun(), now);
      guarded(due, System.nanoTime() - since.toNanos(), true);
    }
  }

  private void guarded(ControlStore.Due due, long beganNanos, boolean late) {
    try {
      measure(due, beganNanos, late);
    } catch (DatabaseUnavailable e) {
      LOG.warn("the outcome of {} is measured later: {}", due.taken(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the outcome of {} could not be measured", due.taken(), e);
    } finally {
      measuring.remove(due.taken());
    }
  }

  private void measure(ControlStore.Due due, long beganNanos, boolean late) {
    var taken = taken(due);
    var done = new LinkedHashMap<String, ControlOutcome.Part>();
    long end = System.nanoTime() + config.measureWithin().toNanos();
    var pause = PAUSE_MIN;
    while (true) {
      var open = database.transact(tx -> look(tx, due, taken, done, beganNanos));
      boolean over = System.nanoTime() >= end;
      if (open.isEmpty() || over) {
        var all = new ArrayList<>(done.values());
        all.addAll(open);
        var took = Duration.ofNanos(System.nanoTime() - beganNanos);
        record(due, new ControlOutcome(all, took, late));
        return;
      }
      if (isClosing(pause)) {
        return;
      }
      pause = pause.compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
    }
  }

  /// Looks at every part that is not done, and returns those that still are not.
  private List<ControlOutcome.Part> look(
      Tx tx,
      ControlStore.Due due,
      Taken taken,
      Map<String, ControlOutcome.Part> done,
      long beganNanos) {
    var open = new ArrayList<ControlOutcome.Part>();
    see("tokens", store.heard(tx, due.seq(), staleAfter), done, open, beganNanos);
    for (var part : parts) {
      if (!done.containsKey(part.name())) {
        see(part.name(), part.look(tx, taken, due.begun()), done, open, beganNanos);
      }
    }
    return open;
  }

  private static void see(
      String name,
      ControlPart.Look look,
      Map<String, ControlOutcome.Part> done,
      List<ControlOutcome.Part> open,
      long beganNanos) {
    var after = Duration.ofNanos(System.nanoTime() - beganNanos);
    var part = new ControlOutcome.Part(name, look.gone(), look.left(), after);
    if (look.left() > 0) {
      open.add(part);
    } else {
      done.putIfAbsent(name, part);
    }
  }

  private Taken taken(ControlStore.Due due) {
    return due.isTask()
        ? new Taken.OfTask(new TaskId(due.name()))
        : new Taken.OfParty(
            due.party(), due.epoch(), Beneath.identities(due.party(), registered.get()));
  }

  private void record(ControlStore.Due due, ControlOutcome outcome) {
    var now = clock.instant();
    ledger.transact(recording -> {
      boolean first = store.finish(recording.tx(), due.taken(), outcome.toJson());
      if (first) {
        recording.append(entry(due, outcome, now));
      }
      return first;
    });
  }

  private static Entry entry(ControlStore.Due due, ControlOutcome outcome, Instant now) {
    var entry = Entry.of(EntryType.CONTROL_MEASURED, now).with("by", due.by());
    var about =
        due.isTask()
            ? entry.with("task", due.name()).with("why", "completed")
            : entry
                .with("kind", due.kind())
                .with("name", due.name())
                .with("standingEpoch", due.epoch())
                .with("why", "suspended");
    var json = outcome.toJson();
    return about
        .with("parts", json.path("parts"))
        .with("complete", outcome.isComplete())
        .with("tookMillis", outcome.took().toMillis())
        .with("late", outcome.late());
  }

  private boolean isClosing(Duration pause) {
    try {
      return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /// Begins nothing more; what is not measured is left to whoever sweeps next.
  @Override
  public void close() {
    closing.countDown();
    try {
      for (var thread : measuring.values()) {
        thread.join(STOP_MAX);
      }
      database.run(tx -> store.leave(tx, ledger.origin()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DatabaseUnavailable e) {
      LOG.debug("this node is still listed, and not for long", e);
    }
  }
}
