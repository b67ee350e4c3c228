package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.BlindSample;
import dev.remit.kernel.comparison.DriftDetector;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.evaluations.DriftStore.Watched;
import dev.remit.server.evaluations.EvaluationConfig.Probes;
import dev.remit.server.evaluations.Judging.Outcome;
import dev.remit.server.evaluations.Judging.Seen;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches models in use for answering otherwise than they were approved: each answer by what it
/// says of itself, and fixed questions, asked again and again, by how they are answered.
///
/// What is noticed is recorded, a finding, and told to whoever listens.
public final class DriftWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
  private static final int WAITING_MAX = 10_000;
  private static final int SAID_MAX = 200;

  /// For so long what is said again and again is not held against the database again: each look
  /// there has the ledger to itself, and answers may come by the thousand in a second.
  private static final Duration SAID_AGAIN = Duration.ofMinutes(1);

  private final Database database;
  private final Ledger ledger;
  private final Findings findings;
  private final Suites suites;
  private final Asking asking;
  private final EvaluationConfig config;
  private final Frozen frozen;
  private final InstantSource clock;
  private final DriftStore store = new DriftStore();
  private final List<Drift.Listener> listeners = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Observed> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final ConcurrentHashMap<Of, Last> lately = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private record Of(Digest fingerprint, Drift.Sign sign) {}

  private record Last(String said, Instant lookedAt) {}

  public DriftWatch(
      Database database,
      Ledger ledger,
      Findings findings,
      Suites suites,
      Asking asking,
      EvaluationConfig config,
      Supplier<Registered> registered,
      InstantSource clock) {
    this.database = database;
    this.ledger = ledger;
    this.findings = findings;
    this.suites = suites;
    this.asking = asking;
    this.config = config;
    this.frozen = new Frozen(suites, config, registered);
    this.clock = clock;
    Thread.ofVirtual().name("drift-answers").start(this::answers);
    if (!config.probes().isEmpty()) {
      Thread.ofVirtual().name("drift-probes").start(this::probes);
    }
  }

  /// Has `listener` told of what is noticed from now on.
  public void onDrift(Drift.Listener listener) {
    listeners.add(listener);
  }

  /// What one answer of a model in use says of itself.
  ///
  /// @param model as it is declared
  public record Observed(
      String model,
      Digest fingerprint,
      Optional<String> named,
      Optional<String> systemFingerprint,
      Optional<String> serviceTier,
      Instant at) {}

  /// Takes what an answer says of itself; never blocks, and drops it when too many wait, since the
  /// next answer says the same.
  public void observe(Observed observed) {
    if (!waiting.offer(observed)) {
      LOG.debug("an answer was not looked at for drift; too many wait");
    }
  }

  private void answers() {
    while (closed.getCount() > 0) {
      try {
        var next = waiting.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          look(next);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.warn("an answer could not be looked at for drift: {}", e.getMessage());
      }
    }
  }

  /// Compares one answer with what the version has said of itself before.
  void look(Observed observed) {
    see(observed, Drift.Sign.MODEL_NAMED, observed.named());
    see(observed, Drift.Sign.SYSTEM_FINGERPRINT, observed.systemFingerprint());
    see(observed, Drift.Sign.SERVICE_TIER, observed.serviceTier());
  }

  private void see(Observed observed, Drift.Sign sign, Optional<String> said) {
    if (said.isEmpty()) {
      return;
    }
    var of = new Of(observed.fingerprint(), sign);
    var text = shortened(said.get());
    var last = lately.get(of);
    if (last != null
        && last.said().equals(text)
        && observed.at().isBefore(last.lookedAt().plus(SAID_AGAIN))) {
      return;
    }
    seen(observed.model(), observed.fingerprint(), sign, text, Optional.empty(), observed.at());
    lately.put(of, new Last(text, observed.at()));
  }

  private void seen(
      String about,
      Digest fingerprint,
      Drift.Sign sign,
      String said,
      Optional<String> probes,
      Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var noticed =
        ledger.transact(recording -> {
          var drift =
              store
                  .see(recording.tx(), fingerprint, sign, said, now)
                  .map(before ->
                      new Drift(
                          about, fingerprint, sign, said, before.said(), probes, before.at()));
          drift.ifPresent(one -> recording.append(entry(one, now, false)));
          return drift;
        });
    noticed.ifPresent(drift -> tell(drift, now));
  }

  private static Entry entry(Drift drift, Instant now, boolean state) {
    var entry =
        Entry.of(EntryType.DRIFT_NOTICED, now)
            .with("model", drift.about())
            .with("candidate", drift.fingerprint())
            .with("sign", drift.sign().word())
            .with("said", drift.said())
            .with("expected", drift.expected())
            .with("since", drift.since());
    return state ? entry.withMaybe("probes", drift.probes()) : entry;
  }

  private void tell(Drift drift, Instant now) {
    findings.raise(
        new Finding.Sighting(
            "model-drift",
            drift.about(),
            Finding.Severity.HIGH,
            "`%s` answers otherwise than it was approved: %s is `%s`, was `%s`"
                .formatted(drift.about(), drift.sign().word(), drift.said(), drift.expected()),
            "evaluate it again (`remit evaluations plan`) and approve what it is now, or go back",
            Role.SECURITY),
        now);
    for (var listener : listeners) {
      try {
        listener.accept(drift);
      } catch (RuntimeException e) {
        LOG.error("drift of {} could not be told on", drift.about(), e);
      }
    }
  }

  private void probes() {
    try {
      while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        askDue(clock.instant());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Asks what is due; whichever node looks first.
  public void askDue(Instant now) {
    for (var probes : config.probes()) {
      try {
        if (database.transact(tx -> store.claim(tx, probes.name(), now, probes.every()))) {
          ask(probes, now);
        }
      } catch (RuntimeException e) {
        LOG.warn("the probes {} could not be asked: {}", probes.name(), e.getMessage());
      }
    }
  }

  private void ask(Probes probes, Instant at) {
    var endpoint = config.endpoint(probes.endpoint()).orElseThrow();
    var suite = suites.find(probes.suite()).orElseThrow();
    var about = endpoint.declared().map(Object::toString).orElse(endpoint.name());
    var fingerprint = frozen.version(endpoint).fingerprint();
    // The same canary each day: a fixed question is the same text, down to its count of tokens.
    var fixed =
        new BlindSample(
            Digest.of(("probes " + probes.name()).getBytes(StandardCharsets.UTF_8))
                .value()
                .substring("sha256:".length()));
    var judging = new Judging((_, _) -> Optional.empty());
    int failed = 0;
    int asked = 0;
    long tokens = 0;
    for (var one : suite.cases()) {
      var canary = new Canary(fixed.canary(one.id()));
      var answer = asking.ask(endpoint, Questions.of(one, canary));
      var outcome = judging.judge(one, answer, new Seen(canary, Optional.empty())).outcome();
      failed += outcome == Outcome.FAILED ? 1 : 0;
      asked += outcome == Outcome.UNSCORED ? 0 : 1;
      tokens += answer instanceof Answer.Said said ? said.tokensIn() : 0;
    }
    if (asked == suite.cases().size() && tokens > 0) {
      seen(
          about,
          fingerprint,
          Drift.Sign.PROBE_TOKENS,
          String.valueOf(tokens),
          Optional.of(probes.name()),
          at);
    }
    if (asked > 0) {
      watch(probes, about, fingerprint, failed, asked, at.truncatedTo(ChronoUnit.MICROS));
    }
  }

  private void watch(
      Probes probes, String about, Digest fingerprint, int failed, int asked, Instant now) {
    var noticed =
        ledger.transact(recording -> {
          var before = store.find(recording.tx(), probes.name());
          var detector =
              before
                  .flatMap(
                      was -> was.detector(fingerprint, probes.approved(), probes.falseAlarmDays()))
                  .orElseGet(() -> DriftDetector.fresh(probes.approved(), probes.falseAlarmDays()))
                  .after(failed, asked);
          var watched =
              new Watched(
                  probes.name(),
                  fingerprint,
                  String.valueOf(probes.approved()),
                  detector.days(),
                  detector.evidence(),
                  failed,
                  asked,
                  detector.isAlarm(),
                  now);
          store.put(recording.tx(), watched);
          recording.append(entry(watched));
          var drift =
              Optional.of(
                      new Drift(
                          about,
                          fingerprint,
                          Drift.Sign.PROBES,
                          String.format(java.util.Locale.ROOT, "%.1f", detector.statistic()),
                          String.format(java.util.Locale.ROOT, "%.0f", probes.falseAlarmDays()),
                          Optional.of(probes.name()),
                          before.map(Watched::at).orElse(now)))
                  .filter(_ -> detector.isAlarm());
          drift.ifPresent(one -> recording.append(entry(one, now, true)));
          return drift.filter(_ -> before.filter(Watched::alarm).isEmpty());
        });
    noticed.ifPresent(drift -> tell(drift, now));
  }

  private static Entry entry(Watched watched) {
    return Entry.of(EntryType.PROBES_ASKED, watched.at())
        .with("probes", watched.name())
        .with("candidate", watched.candidate())
        .with("approved", watched.approved())
        .with("days", watched.days())
        .with("evidence", DriftStore.evidence(watched.evidence()))
        .with("failed", watched.failed())
        .with("asked", watched.asked());
  }

  /// How the probes stand, by their names.
  List<Watched> standings() {
    return database.transact(store::all);
  }

  private static String shortened(String text) {
    var clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= SAID_MAX ? clean : clean.substring(0, SAID_MAX);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
