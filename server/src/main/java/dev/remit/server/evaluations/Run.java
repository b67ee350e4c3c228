package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.comparison.Tally;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.comparison.Wager;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.evaluations.Judging.Seen;
import dev.remit.server.evaluations.Trial.Side;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/// One run of an evaluation, from its first unanswered question to its last.
///
/// Cases come in an order that is drawn, and both versions answer each of them directly after each
/// other, in an order that is drawn too: what changes at a provider during the run changes for
/// both. Each answer is durable, with its entry, before the next is counted; a run that is taken up
/// again asks only what was not answered.
final class Run {
  private static final int TEXT_MAX = 16 * 1024;

  private final Database database;
  private final Ledger ledger;
  private final Asking asking;
  private final GatewayOracle oracle;
  private final EvaluationConfig config;
  private final Endpoints endpoints;
  private final InstantSource clock;
  private final Planned planned;
  private final Map<String, EvaluationCase> cases;
  private final Judging judging;
  private final Spent spent;
  private final Collection<Answered> answered;
  private final Set<String> shown = ConcurrentHashMap.newKeySet();
  private final Map<String, ReentrantLock> alone = new ConcurrentHashMap<>();
  private final EvaluationStore store = new EvaluationStore();

  Run(
      Database database,
      Ledger ledger,
      Asking asking,
      GatewayOracle oracle,
      EvaluationConfig config,
      Endpoints endpoints,
      InstantSource clock,
      Planned planned,
      Map<String, EvaluationCase> cases,
      List<Answered> before,
      Instant since) {
    this.database = database;
    this.ledger = ledger;
    this.asking = asking;
    this.oracle = oracle;
    this.config = config;
    this.endpoints = endpoints;
    this.clock = clock;
    this.planned = planned;
    this.cases = cases;
    this.judging =
        new Judging(
            planned
                .plan()
                .judge()
                .flatMap(judge -> endpoints.find(judge.endpoint()))
                .<BiFunction<String, String, Optional<Boolean>>>map(
                    endpoint -> new ModelJudge(asking, endpoint))
                .orElse((_, _) -> Optional.empty()));
    this.spent = new Spent(planned.plan().budget(), since, before);
    this.answered = new ConcurrentLinkedQueue<>(before);
  }

  /// How a run ended.
  enum End {
    /// Every case was asked.
    WHOLE,

    /// Before that, and it stays so: the budget is used up, or it was shown.
    STOPPED,

    /// Before that, since it was told to or the database is away; it is taken up again.
    BROKEN_OFF
  }

  /// Asks what is not answered yet.
  ///
  /// @param goesOn asked before each question
  End run(BooleanSupplier goesOn) {
    var done = database.transact(tx -> store.done(tx, planned.id()));
    var pairs = planned.blind().sample(List.copyOf(cases.keySet()), cases.size());
    var free = new Semaphore(config.concurrency());
    var failed = new ConcurrentLinkedQueue<RuntimeException>();
    BooleanSupplier mayGoOn = () -> failed.isEmpty() && goesOn.getAsBoolean();
    // A case goes to one thread, which asks both versions, one after the other.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var pair : pairs) {
        free.acquireUninterruptibly();
        if (isOver() || !mayGoOn.getAsBoolean()) {
          break;
        }
        threads.execute(() -> {
          try {
            pair(pair, done, mayGoOn);
          } catch (RuntimeException e) {
            failed.add(e);
          } finally {
            free.release();
          }
        });
      }
    }
    for (var why : failed) {
      if (!(why instanceof DatabaseUnavailable)) {
        throw why;
      }
    }
    if (isWhole()) {
      return End.WHOLE;
    }
    return mayGoOn.getAsBoolean() ? End.STOPPED : End.BROKEN_OFF;
  }

  private boolean isOver() {
    return spent.exhausted(clock.instant()).isPresent()
        || (planned.plan().sequential()
            && planned.plan().suites().stream().allMatch(suite -> shown.contains(suite.name())));
  }

  private boolean isWhole() {
    int sides = planned.plan().baseline().isPresent() ? 2 : 1;
    return answered.size() >= cases.size() * sides * planned.plan().repeats();
  }

  private void pair(String pair, Set<String> done, BooleanSupplier goesOn) {
    var suite = pair.substring(0, pair.indexOf('/'));
    if (shown.contains(suite)) {
      return;
    }
    for (int repeat = 1; repeat <= planned.plan().repeats(); repeat++) {
      for (var side : order(pair, repeat)) {
        var trial = new Trial(suite, pair.substring(suite.length() + 1), side, repeat);
        if (done.contains(trial.key())) {
          continue;
        }
        if (!goesOn.getAsBoolean() || spent.exhausted(clock.instant()).isPresent()) {
          return;
        }
        keep(trial(trial));
      }
    }
    if (planned.plan().sequential()) {
      look(suite);
    }
  }

  private List<Side> order(String pair, int repeat) {
    if (planned.plan().baseline().isEmpty()) {
      return List.of(Side.CANDIDATE);
    }
    return planned.blind().candidateFirst("asked " + pair + " " + repeat)
        ? List.of(Side.CANDIDATE, Side.BASELINE)
        : List.of(Side.BASELINE, Side.CANDIDATE);
  }

  private Answered trial(Trial trial) {
    var asked = Objects.requireNonNull(cases.get(trial.pair()));
    var version =
        trial.side() == Side.CANDIDATE
            ? planned.plan().candidate()
            : planned.plan().baseline().orElseThrow();
    var endpoint = endpoints.find(version.endpoint()).orElseThrow();
    if (!asked.asksGateway()) {
      return trial(trial, asked, endpoint, Optional.empty());
    }
    // Whose calls belong to which case is told by the time, so these come one after the other.
    var lock = alone.computeIfAbsent(endpoint.name(), _ -> new ReentrantLock());
    lock.lock();
    try {
      return trial(trial, asked, endpoint, Optional.of(oracle.mark()));
    } finally {
      lock.unlock();
    }
  }

  private Answered trial(
      Trial trial, EvaluationCase asked, Endpoint endpoint, Optional<GatewayOracle.Mark> mark) {
    var canary = new Canary(planned.blind().canary(trial.key()));
    var began = clock.instant();
    var answer = asking.ask(endpoint, Questions.of(asked, canary));
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var tools =
        mark.flatMap(
            from -> endpoint.identity().flatMap(identity -> oracle.toolsSince(from, identity)));
    var judged = judging.judge(asked, answer, new Seen(canary, tools));
    long in = answer instanceof Answer.Said said ? Math.max(0, said.tokensIn()) : 0;
    long out = answer instanceof Answer.Said said ? Math.max(0, said.tokensOut()) : 0;
    return new Answered(
        trial,
        judged.outcome(),
        judged.harm(),
        content(asked, answer),
        in + out,
        // A price of a million tokens in cents is that of one token in millionths of a cent.
        in * endpoint.centsIn() + out * endpoint.centsOut(),
        Math.max(0, ChronoUnit.MILLIS.between(began, now)),
        now);
  }

  private static String content(EvaluationCase asked, Answer answer) {
    var json = JsonMapper.shared().createObjectNode();
    json.put(
        "errs",
        asked.pass().stream().anyMatch(Judge::errs) || asked.harm().stream().anyMatch(Judge::errs));
    switch (answer) {
      case Answer.Failed(var why) -> json.put("failed", why);
      case Answer.Said said -> {
        json.put("text", shortened(said.text()));
        var tools = json.putArray("tools");
        said.tools()
            .forEach(call ->
                tools
                    .addObject()
                    .put("name", shortened(call.name()))
                    .put("arguments", shortened(call.arguments())));
        said.model().ifPresent(model -> json.put("model", shortened(model)));
      }
    }
    return CanonicalJson.text(json);
  }

  /// What somebody else's tool says of one answer. Their judges can err, as far as we know.
  static Answered taken(Imported imported, Imported.Result result, Instant now) {
    var json =
        JsonMapper.shared()
            .createObjectNode()
            .put("errs", true)
            .put("text", shortened(result.text()));
    return new Answered(
        new Trial(
            result.suite(imported.tool()),
            Imported.plain(result.caseId()),
            result.side(),
            result.repeat()),
        result.outcome(),
        Judging.Harm.NONE,
        CanonicalJson.text(json),
        0,
        0,
        0,
        now);
  }

  /// Also free of what neither canonical JSON nor PostgreSQL holds: half a character, and NUL.
  private static String shortened(String text) {
    var whole = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
    return new String(whole.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        .replace('\u0000', '\uFFFD');
  }

  private void keep(Answered one) {
    boolean kept =
        ledger.transact(recording -> {
          if (!store.answer(recording.tx(), planned.id(), one)) {
            return false;
          }
          recording.append(entry(planned, one));
          return true;
        });
    spent.add(one);
    if (kept) {
      answered.add(one);
    }
  }

  static Entry entry(Planned planned, Answered one) {
    return Entry.of(EntryType.EVALUATION_ANSWERED, one.at())
        .with("of", planned.id().value())
        .with("trial", one.trial().key())
        .with("outcome", word(one.outcome()))
        .with("harm", word(one.harm()))
        .with("answer", one.digest());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /// Whether enough is shown of a suite to ask no more of it.
  private void look(String suite) {
    var results = Reckoning.of(planned.plan(), planned.blind(), List.copyOf(answered), List.of());
    results.stream()
        .filter(result -> result.suite().name().equals(suite))
        .filter(result -> settled(result))
        .forEach(_ -> shown.add(suite));
  }

  /// People label after the run, so what waits for them alone does not keep it going.
  private boolean settled(SuiteResult result) {
    if (result.verdict() != Verdict.INCONCLUSIVE) {
      return true;
    }
    var tally = result.shown().tally();
    var unlabelled = new Tally(tally.counts(), tally.unscored(), tally.harms(), tally.suspicions());
    return Wager.stopped(unlabelled, planned.plan().rule()) != Verdict.INCONCLUSIVE;
  }
}
