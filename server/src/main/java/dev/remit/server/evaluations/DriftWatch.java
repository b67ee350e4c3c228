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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

  private final Database database;
  private final Ledger ledger;
  private final Findings findings;
  private final Suites suites;
  private final Asking asking;
  private final EvaluationConfig config;
  private final Endpoints endpoints;
  private final Frozen frozen;
  private final InstantSource clock;
  private final DriftStore store = new DriftStore();
  private final List<Drift.Listener> listeners = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Observed> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Said, String> lastSaid = new ConcurrentHashMap<>();

  private volatile Function<String, Optional<Instant>> acceptedAt = _ -> Optional.empty();

  private record Said(Digest fingerprint, Drift.Sign sign) {}

  public DriftWatch(
      Database database,
      Ledger ledger,
      Findings findings,
      Suites suites,
      Asking asking,
      EvaluationConfig config,
      Endpoints endpoints,
      Supplier<Registered> registered,
      InstantSource clock) {
    this.database = database;
    this.ledger = ledger;
    this.findings = findings;
    this.suites = suites;
    this.asking = asking;
    this.config = config;
    this.endpoints = endpoints;
    this.frozen = new Frozen(suites, endpoints, registered);
    this.clock = clock;
    Thread.ofVirtual().name("drift-answers").start(this::answers);
    if (!config.probes().isEmpty()) {
      Thread.ofVirtual().name("drift-probes").start(this::probes);
    }
  }

  /// Has probes begin anew where what they had noticed was accepted since.
  ///
  /// @param of when what a model answers was last accepted as it is, by the model's name
  public void accepting(Function<String, Optional<Instant>> of) {
    acceptedAt = of;
  }

  /// Tells again of alarms that stand: whoever listens may have been away when they were noticed.
  public void tellAgain() {
    for (var probes : config.probes()) {
      database
          .transact(tx -> store.find(tx, probes.name()))
          .filter(Watched::alarm)
          .flatMap(
              watched -> endpoints.find(probes.endpoint()).map(to -> drift(probes, to, watched)))
          .ifPresent(this::hand);
    }
  }

  private static Drift drift(Probes probes, Endpoint to, Watched watched) {
    var detector =
        new DriftDetector(
            probes.approved(),
            probes.falseAlarmDays(),
            watched.evidence(),
            Math.toIntExact(watched.days()));
    return drift(probes, about(to), watched.candidate(), detector, watched.at());
  }

  private static Drift drift(
      Probes probes, String about, Digest fingerprint, DriftDetector detector, Instant since) {
    return new Drift(
        about,
        fingerprint,
        Drift.Sign.PROBES,
        String.format(java.util.Locale.ROOT, "%.1f", detector.statistic()),
        String.format(java.util.Locale.ROOT, "%.0f", probes.falseAlarmDays()),
        Optional.of(probes.name()),
        since);
  }

  private static String about(Endpoint endpoint) {
    return endpoint.declared().map(Object::toString).orElse(endpoint.name());
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

  /// What says the same as the answer before it takes no look at the database.
  private void see(Observed observed, Drift.Sign sign, Optional<String> said) {
    said.map(DriftWatch::shortened)
        .filter(text -> !text.equals(lastSaid.get(new Said(observed.fingerprint(), sign))))
        .ifPresent(text -> {
          seen(
              observed.model(),
              observed.fingerprint(),
              sign,
              text,
              Optional.empty(),
              observed.at());
          lastSaid.put(new Said(observed.fingerprint(), sign), text);
        });
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
    hand(drift);
  }

  private void hand(Drift drift) {
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

  /// Asks probes at once, as one more time that counts as a day of the statistics; the next is due
  /// a whole period later.
  ///
  /// @return how they stand then; empty if there are none of that name
  /// @throws UnreadableSuite if they cannot be asked
  public Optional<Standing> askNow(String name, Instant now) {
    var found = config.probes().stream().filter(one -> one.name().equals(name)).findFirst();
    found.ifPresent(probes -> {
      database.run(tx -> store.due(tx, name, now.plus(probes.every())));
      ask(probes, now);
    });
    return found.flatMap(_ ->
        database
            .transact(tx -> store.find(tx, name))
            .map(watched ->
                new Standing(
                    name, watched.days(), watched.failed(), watched.asked(), watched.alarm())));
  }

  /// How probes stand after they were asked.
  ///
  /// @param failed of those `asked` last
  public record Standing(String name, long days, long failed, long asked, boolean alarm) {}

  private void ask(Probes probes, Instant at) {
    var endpoint =
        endpoints
            .find(probes.endpoint())
            .orElseThrow(() ->
                new UnreadableSuite(
                    "the probes `%s` name `%s`, which is neither a declared model that can be asked"
                            .formatted(probes.name(), probes.endpoint())
                        + " nor one of `evaluations.endpoints`"));
    var suite =
        suites
            .find(probes.suite())
            .orElseThrow(() ->
                new UnreadableSuite(
                    "the probes `%s` name a suite that there is not: `%s`"
                        .formatted(probes.name(), probes.suite())));
    var about = about(endpoint);
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
    var accepted = acceptedAt.apply(about);
    var noticed =
        ledger.transact(recording -> {
          var before =
              store
                  .find(recording.tx(), probes.name())
                  .filter(was -> !(was.alarm() && accepted.filter(was.at()::isBefore).isPresent()));
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
                      drift(
                          probes,
                          about,
                          fingerprint,
                          detector,
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
