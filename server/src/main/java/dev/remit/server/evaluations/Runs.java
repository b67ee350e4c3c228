package dev.remit.server.evaluations;

import dev.remit.kernel.identity.EvaluationId;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs what is wanted, on whichever node takes the turn first. A node keeps its turn by renewing a
/// lease; when it dies, another takes the run up after the lease has ended.
final class Runs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

  /// Records what a run has come to, within a transaction.
  @FunctionalInterface
  interface Judged {
    void judge(Recording recording, EvaluationId id, Planned.State state, Instant now);
  }

  private final Database database;
  private final Ledger ledger;
  private final Suites suites;
  private final Asking asking;
  private final GatewayOracle oracle;
  private final EvaluationConfig config;
  private final Endpoints endpoints;
  private final InstantSource clock;
  private final Judged judged;
  private final Consumer<EvaluationId> told;
  private final EvaluationStore store = new EvaluationStore();
  private final Set<EvaluationId> running = ConcurrentHashMap.newKeySet();
  private final Semaphore looks = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);

  Runs(
      Database database,
      Ledger ledger,
      Suites suites,
      Asking asking,
      GatewayOracle oracle,
      EvaluationConfig config,
      Endpoints endpoints,
      InstantSource clock,
      Judged judged,
      Consumer<EvaluationId> told) {
    this.database = database;
    this.ledger = ledger;
    this.suites = suites;
    this.asking = asking;
    this.oracle = oracle;
    this.config = config;
    this.endpoints = endpoints;
    this.clock = clock;
    this.judged = judged;
    this.told = told;
    Thread.ofVirtual().name("evaluations").start(this::loop);
  }

  /// Looks at once for what is to be run.
  void look() {
    looks.release();
  }

  private void loop() {
    while (closed.getCount() > 0) {
      try {
        for (var one : database.transact(tx -> store.waiting(tx, now()))) {
          if (running.add(one.id())) {
            Thread.ofVirtual().name("evaluation " + one.id()).start(() -> turn(one));
          }
        }
      } catch (DatabaseUnavailable e) {
        LOG.warn("evaluations that wait cannot be looked for: {}", e.getMessage());
      }
      try {
        looks.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        looks.drainPermits();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void turn(Planned one) {
    try {
      var until = now().plus(config.lease());
      if (database.transact(tx -> store.lease(tx, one.id(), Optional.empty(), now(), until))) {
        carryOut(one, new AtomicReference<>(until));
      }
    } catch (DatabaseUnavailable e) {
      LOG.warn("the run of {} broke off and is taken up again: {}", one.id(), e.getMessage());
    } catch (UnreadableSuite e) {
      LOG.warn("the run of {} is put off: {}", one.id(), e.getMessage());
      database.run(tx -> store.release(tx, one.id(), true));
    } finally {
      running.remove(one.id());
    }
  }

  private void carryOut(Planned one, AtomicReference<Instant> until) {
    var cases = cases(one.plan());
    var before = database.transact(tx -> store.answers(tx, one.id()));
    var since = before.stream().map(Answered::at).min(Instant::compareTo).orElseGet(this::now);
    var run =
        new Run(
            database, ledger, asking, oracle, config, endpoints, clock, one, cases, before, since);
    var end = run.run(() -> keeps(one, until));
    switch (end) {
      case WHOLE -> ended(one, Planned.State.ENDED);
      case STOPPED -> ended(one, Planned.State.STOPPED);
      case BROKEN_OFF -> database.run(tx -> store.release(tx, one.id(), false));
    }
  }

  private void ended(Planned one, Planned.State state) {
    var now = now();
    var _ =
        ledger.transact(recording -> {
          judged.judge(recording, one.id(), state, now);
          store.release(recording.tx(), one.id(), true);
          return state;
        });
    told.accept(one.id());
  }

  /// Whether this node goes on with the run; renews its lease when half of it is over.
  private boolean keeps(Planned one, AtomicReference<Instant> until) {
    if (closed.getCount() == 0) {
      return false;
    }
    synchronized (until) {
      var mine = until.get();
      var now = now();
      if (now.isBefore(mine.minus(config.lease().dividedBy(2)))) {
        return true;
      }
      var next = now.plus(config.lease());
      if (!database.transact(tx -> store.lease(tx, one.id(), Optional.of(mine), now, next))) {
        return false;
      }
      until.set(next);
      return true;
    }
  }

  private Map<String, EvaluationCase> cases(Plan plan) {
    var cases = new LinkedHashMap<String, EvaluationCase>();
    for (var planned : plan.suites()) {
      var suite =
          suites
              .find(planned.name())
              .filter(found -> found.digest().equals(planned.digest()))
              .orElseThrow(() ->
                  new UnreadableSuite(
                      "`" + planned.name() + "` is not the suite that was planned"));
      suite.cases().forEach(one -> cases.put(suite.name() + "/" + one.id(), one));
    }
    return cases;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public void close() {
    closed.countDown();
    looks.release();
  }
}
