package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Axis;
import dev.remit.kernel.comparison.BlindSample;
import dev.remit.kernel.comparison.ComparisonRule;
import dev.remit.kernel.comparison.SmallestMargin;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.evaluations.Plan.PlannedSuite;
import dev.remit.server.evaluations.Planned.State;
import dev.remit.server.evaluations.Planning.Support;
import dev.remit.server.evaluations.Planning.Wish;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Evaluations: planned, run, labelled, judged, and asked for their verdicts.
///
/// Each change is one transaction with its ledger entry. Verdicts are computed from what is stored
/// each time; what is recorded is what they were at the end of a run and after each label.
public final class Evaluations implements AutoCloseable {
  static final double UNSCORED_MAX = 0.02;
  private static final double POWER = 0.8;
  private static final double DISCORDANCE = 0.05;
  private static final int LIST_MAX = 200;
  private static final Logger LOG = LoggerFactory.getLogger(Evaluations.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Ledger ledger;
  private final Suites suites;
  private final Frozen frozen;
  private final Endpoints endpoints;
  private final Runs runs;
  private final EvaluationStore store = new EvaluationStore();
  private final List<Consumer<EvaluationId>> listeners = new CopyOnWriteArrayList<>();

  public Evaluations(
      Database database,
      Ledger ledger,
      Suites suites,
      Asking asking,
      GatewayOracle oracle,
      EvaluationConfig config,
      Endpoints endpoints,
      Supplier<Registered> registered,
      InstantSource clock) {
    this.database = database;
    this.ledger = ledger;
    this.suites = suites;
    this.endpoints = endpoints;
    this.frozen = new Frozen(suites, endpoints, registered);
    this.runs =
        new Runs(
            database,
            ledger,
            suites,
            asking,
            oracle,
            config,
            endpoints,
            clock,
            this::judge,
            this::judged);
  }

  /// Has `listener` told, after the commit, of each evaluation that was judged on this node.
  public void onJudged(Consumer<EvaluationId> listener) {
    listeners.add(listener);
  }

  /// Who listens may fail; the verdict stands.
  void judged(EvaluationId id) {
    for (var listener : listeners) {
      try {
        listener.accept(id);
      } catch (RuntimeException e) {
        LOG.warn("the verdict of {} could not be told on: {}", id, e.getMessage());
      }
    }
  }

  /// Freezes a plan and records it. Nothing is asked yet.
  ///
  /// @throws UnreadableSuite if the suites cannot be read
  public Planning.Result plan(Wish wish, PersonName by, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var chosen = new ArrayList<Suite>();
    for (var name : wish.suites().isEmpty() ? oneOfEachAxis() : wish.suites()) {
      var suite = suites.find(name);
      if (suite.isEmpty()) {
        return wrong("there is no suite `" + name + "`", "`remit evaluations suites` lists them");
      }
      chosen.add(suite.get());
    }
    if (chosen.stream().map(Suite::name).distinct().count() != chosen.size()) {
      return wrong("a suite is named twice", "name each once");
    }
    for (var name :
        Stream.of(Optional.of(wish.candidate()), wish.baseline(), wish.judge())
            .flatMap(Optional::stream)
            .toList()) {
      if (frozen.version(name).isEmpty()) {
        return wrong(
            "there is no endpoint `" + name + "`",
            "name a declared model that answers at a resource of models (`remit evaluations suites`"
                + " lists them), or one of `evaluations.endpoints` of the configuration");
      }
    }
    boolean needsJudge =
        chosen.stream()
            .flatMap(suite -> suite.cases().stream())
            .anyMatch(EvaluationCase::asksModel);
    if (needsJudge && wish.judge().isEmpty()) {
      return wrong("a case has a model as its judge, and none is named", "name it as `judge`");
    }
    try {
      return ready(wish, chosen, by, now);
    } catch (IllegalArgumentException e) {
      return wrong(String.valueOf(e.getMessage()), "correct it");
    }
  }

  private Planning.Result ready(Wish wish, List<Suite> chosen, PersonName by, Instant now) {
    var plan =
        new Plan(
            chosen.stream().map(PlannedSuite::of).toList(),
            frozen.version(wish.candidate()).orElseThrow(),
            wish.baseline().flatMap(frozen::version),
            wish.repeats(),
            new ComparisonRule(wish.margin(), wish.confidence(), UNSCORED_MAX),
            wish.judge().flatMap(frozen::version),
            wish.sequential(),
            wish.labels(),
            wish.sample(),
            wish.budget());
    var planned = fresh(Planned.RUN, plan, by, now);
    ledger.transact(recording -> {
      insert(recording, planned);
      return planned;
    });
    return new Planning.Result.Ready(progress(planned), support(plan));
  }

  private static Planning.Result wrong(String why, String next) {
    return new Planning.Result.Wrong(why, next);
  }

  private List<String> oneOfEachAxis() {
    var all = suites.all();
    return EnumSet.allOf(Axis.class).stream()
        .flatMap(axis -> all.stream().filter(suite -> suite.axis() == axis).limit(1))
        .map(Suite::name)
        .toList();
  }

  static Planned fresh(String origin, Plan plan, PersonName by, Instant now) {
    var secret = new byte[32];
    RANDOM.nextBytes(secret);
    return new Planned(
        EvaluationId.fresh(now),
        origin,
        plan,
        new BlindSample(HexFormat.of().formatHex(secret)),
        false,
        State.PLANNED,
        Optional.empty(),
        List.of(),
        by,
        now,
        Optional.empty(),
        false,
        Optional.empty());
  }

  void insert(Recording recording, Planned planned) {
    store.insert(recording.tx(), planned);
    var plan = planned.plan();
    var entry =
        Entry.of(EntryType.EVALUATION_PLANNED, planned.at())
            .with("id", planned.id().value())
            .with("origin", planned.origin())
            .with("plan", plan.digest())
            .with(
                "suites",
                plan.suites().stream()
                    .map(suite -> suite.name() + " " + suite.version() + " " + suite.digest())
                    .toList())
            .with("candidate", plan.candidate().fingerprint())
            .with("blind", planned.blind().commitment())
            .with("by", planned.by().value());
    recording.append(
        plan.baseline().map(base -> entry.with("baseline", base.fingerprint())).orElse(entry));
  }

  /// Takes somebody else's results and judges them as if they had been run here: same counts, same
  /// bounds, same labels. All of them, or none.
  ///
  /// @throws UnreadableSuite if they are not whole
  public Progress take(ImportWish wish, PersonName by, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var imported = wish.read();
    var plan =
        new Plan(
            imported.suites(),
            frozen.version(wish.candidate(), wish.candidateModel()),
            wish.baseline().map(name -> frozen.version(name, wish.baselineModel())),
            imported.repeats(),
            new ComparisonRule(wish.margin(), wish.confidence(), UNSCORED_MAX),
            Optional.empty(),
            false,
            wish.labels(),
            wish.sample(),
            new Plan.Budget(1, 1, 0, 1));
    var planned = fresh(imported.tool(), plan, by, now);
    ledger.transact(recording -> {
      insert(recording, planned);
      for (var result : imported.results()) {
        var answered = Run.taken(imported, result, now);
        store.answer(recording.tx(), planned.id(), answered);
        recording.append(Run.entry(planned, answered));
      }
      judge(recording, planned.id(), State.ENDED, now);
      return planned;
    });
    judged(planned.id());
    return find(planned.id()).orElseThrow();
  }

  /// Returns what each suite of a plan can show, before anything is asked.
  public List<Support> support(Plan plan) {
    return plan.suites().stream()
        .map(suite ->
            new Support(
                suite.name(),
                suite.axis(),
                suite.cases(),
                SmallestMargin.supportedBy(
                    suite.cases(), plan.rule().confidence(), POWER, DISCORDANCE)))
        .toList();
  }

  /// What comes of wanting to run an evaluation.
  public sealed interface Started {

    /// It runs, here or where its turn is.
    record Running() implements Started {}

    /// What the plan names is not there any more as it was; nothing was asked.
    record Differs(List<String> differences) implements Started {
      public Differs {
        differences = List.copyOf(differences);
      }
    }

    /// It has ended, or was imported: nothing is left to ask.
    record Over(String state) implements Started {}

    record Unknown() implements Started {}
  }

  /// Runs what is planned, or runs it on after a stop.
  public Started start(EvaluationId id) {
    var planned = database.transact(tx -> store.find(tx, id));
    if (planned.isEmpty()) {
      return new Started.Unknown();
    }
    var one = planned.get();
    if (one.state() != State.PLANNED || !one.origin().equals(Planned.RUN)) {
      return new Started.Over(word(one.state()));
    }
    var differences = frozen.differences(one.plan());
    if (!differences.isEmpty()) {
      return new Started.Differs(differences);
    }
    database.run(tx -> store.want(tx, id, true));
    runs.look();
    return new Started.Running();
  }

  /// Lets a run pause after the questions under way; [#start] takes it up again.
  ///
  /// @return whether there is such an evaluation
  public boolean pause(EvaluationId id) {
    return database.transact(tx -> store.want(tx, id, false));
  }

  /// Returns an evaluation as it stands.
  public Optional<Progress> find(EvaluationId id) {
    return database.transact(tx -> store.find(tx, id)).map(this::progress);
  }

  /// Returns the newest, at most 200.
  public List<Progress> newest() {
    return database.transact(tx -> store.newest(tx, LIST_MAX)).stream()
        .map(this::progress)
        .toList();
  }

  /// Returns what a list shows of the newest, at most 200.
  public List<Head> heads() {
    return database.transact(tx -> {
      var all = store.newest(tx, LIST_MAX);
      var answered = store.answered(tx, all.stream().map(Planned::id).toList());
      return all.stream()
          .map(one -> head(one, answered.getOrDefault(one.id().value(), 0)))
          .toList();
    });
  }

  private static Head head(Planned one, int answered) {
    return new Head(
        one.id(),
        one.origin(),
        one.plan(),
        state(one),
        answered,
        trials(one.plan()),
        one.verdict(),
        one.by(),
        one.at());
  }

  private static String state(Planned one) {
    return one.wanted() ? "running" : word(one.state());
  }

  private static int trials(Plan plan) {
    return plan.cases() * (plan.baseline().isPresent() ? 2 : 1) * plan.repeats();
  }

  /// The suites that there are.
  ///
  /// @throws UnreadableSuite if one cannot be read
  public List<Suite> suites() {
    return suites.all();
  }

  /// The names of the endpoints that may be asked.
  public List<String> endpoints() {
    return endpoints.names();
  }

  /// Returns what evaluations have shown of the version with this fingerprint, the newest first;
  /// only those that were judged.
  public List<SuiteVerdict> verdicts(Digest fingerprint) {
    return database.transact(tx -> store.of(tx, fingerprint.value())).stream()
        .flatMap(one -> verdicts(one).stream())
        .toList();
  }

  /// Returns what one evaluation has shown, suite by suite; empty before it was judged.
  public List<SuiteVerdict> verdicts(EvaluationId id) {
    return database.transact(tx -> store.find(tx, id)).map(Evaluations::verdicts).orElse(List.of());
  }

  /// Returns when each of the newest was judged, at most 200.
  Map<EvaluationId, Instant> judgedAt() {
    var judged = new HashMap<EvaluationId, Instant>();
    database
        .transact(tx -> store.newest(tx, LIST_MAX))
        .forEach(one -> one.judgedAt().ifPresent(at -> judged.put(one.id(), at)));
    return judged;
  }

  private static List<SuiteVerdict> verdicts(Planned one) {
    var plan = one.plan();
    var verdicts = new ArrayList<SuiteVerdict>();
    for (int i = 0; i < one.axes().size(); i++) {
      var line = one.axes().get(i);
      var suite = plan.suites().get(i);
      verdicts.add(
          new SuiteVerdict(
              one.id(),
              one.origin(),
              plan.digest(),
              suite.name(),
              suite.digest(),
              suite.axis(),
              plan.candidate().fingerprint(),
              plan.baseline().map(Plan.Version::fingerprint),
              plan.rule(),
              Verdict.parse(line.substring(line.lastIndexOf(' ') + 1)),
              worse(line),
              one.at(),
              one.judgedAt().orElse(one.at())));
    }
    return List.copyOf(verdicts);
  }

  private static long worse(String line) {
    long all = 0;
    for (var count : List.of("both", "lost", "gained", "neither", "unscored")) {
      all += count(line, count);
    }
    return all == 0 ? 0 : (count(line, "lost") + count(line, "unscored")) * 10_000 / all;
  }

  /// The number behind a word of [SuiteResult#line].
  private static long count(String line, String word) {
    var words = List.of(line.split(" "));
    return Long.parseLong(words.get(words.indexOf(word) + 1));
  }

  /// Judges what is stored and records it, if it says something else than before.
  void judge(Recording recording, EvaluationId id, State state, Instant now) {
    var tx = recording.tx();
    var one = store.find(tx, id).orElseThrow();
    var results = results(tx, one);
    var verdict = Reckoning.over(results);
    var lines = results.stream().map(SuiteResult::line).toList();
    boolean told = one.verdict().isPresent() && one.axes().equals(lines) && one.state() == state;
    if (told) {
      return;
    }
    boolean reveal =
        one.revealed()
            || results.stream().allMatch(result -> result.shown().tally().labels().waiting() == 0);
    store.judge(tx, id, state, verdict, lines, reveal, now);
    var entry =
        Entry.of(EntryType.EVALUATION_JUDGED, now)
            .with("of", id.value())
            .with("state", word(state))
            .with("verdict", verdict.word())
            .with("axes", lines);
    recording.append(reveal ? entry.with("secret", one.blind().secret()) : entry);
  }

  List<SuiteResult> results(Tx tx, Planned one) {
    return Reckoning.of(
        one.plan(), one.blind(), store.answers(tx, one.id()), store.labels(tx, one.id()));
  }

  private Progress progress(Planned one) {
    return database.transact(tx -> {
      var answers = store.answers(tx, one.id());
      var results = Reckoning.of(one.plan(), one.blind(), answers, store.labels(tx, one.id()));
      return new Progress(
          one.id(),
          one.origin(),
          one.plan(),
          one.plan().digest(),
          state(one),
          answers.size(),
          trials(one.plan()),
          answers.stream().mapToLong(Answered::tokens).sum(),
          answers.stream().mapToLong(Answered::microcents).sum() / 1_000_000,
          results,
          one.verdict(),
          one.by(),
          one.at(),
          one.judgedAt());
    });
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    runs.close();
  }
}
