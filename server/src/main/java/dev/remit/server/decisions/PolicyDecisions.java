package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.policy.Combination;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Findings;
import dev.remit.kernel.policy.PolicyError;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.Request;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.PolicyCheck;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Rehearsal;
import dev.remit.server.registry.Replayed;
import dev.remit.server.risk.RiskRules;
import dev.remit.server.risk.Risks;
import dev.remit.server.store.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides by the registered policies. The registry asks it to [check][#check] what is proposed,
/// and tells it what has [become current][#activate]; whatever it could not check it does not use.
public final class PolicyDecisions implements Decisions, PolicyCheck, Rehearsal, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyDecisions.class);
  private static final PolicyId REGISTRY = new PolicyId("(registry)");
  private static final PolicyId EVALUATION = new PolicyId("(evaluation)");

  private final DecisionEngine engine;
  private final RiskRules risk;
  private final InstantSource clock;
  private final Evaluator evaluator;
  private final PastDecisions past;
  private final Gatekeeper gatekeeper;
  private final SecondOpinions secondOpinions;
  private final AtomicReference<ActiveSet> active;
  private final LongAdder shadowChanges = new LongAdder();

  /// What was checked last: planning, replaying and activating ask about the same state in turn.
  private final AtomicReference<@Nullable Checked> last = new AtomicReference<>();

  /// Held by the one replay that may run: each takes all processors.
  private final ReentrantLock replaying = new ReentrantLock();

  private record Checked(Registered registered, ActiveSet set, Verdict verdict) {}

  /// Starts with nothing registered: everything is denied until [#activate].
  ///
  /// @param evidence where what was decided is read
  public PolicyDecisions(
      DecisionConfig config,
      Database database,
      Ledger ledger,
      LedgerReader evidence,
      InstantSource clock) {
    this(
        config,
        Evaluator.COMPILED,
        PastDecisions.of(evidence),
        new StoredPasses(database, ledger),
        clock);
  }

  PolicyDecisions(
      DecisionConfig config,
      Evaluator evaluator,
      PastDecisions past,
      PassedGates gates,
      InstantSource clock) {
    this.engine = config.engine();
    this.risk = config.risk();
    this.clock = clock;
    this.evaluator = evaluator;
    this.past = past;
    this.gatekeeper = new Gatekeeper(config, evaluator, past, gates, clock);
    this.secondOpinions =
        new SecondOpinions(
            config.secondOpinionEvery(), config.secondOpinionsWaitingMax(), this::otherwise);
    this.active = new AtomicReference<>(ActiveSet.denying(new Registered(0, List.of())));
  }

  /// Returns the version of the policies that decide now.
  public Digest version() {
    return active.get().version();
  }

  @Override
  public Verdict check(Registered proposed) {
    return checked(proposed).verdict();
  }

  private World world(Registered registered) {
    return new World(registered, Risks.of(registered, risk, clock.instant()));
  }

  private Checked checked(Registered proposed) {
    var known = last.get();
    if (known != null && known.registered() == proposed) {
      return known;
    }
    var checked = DeepStack.call(() -> checkedAnew(proposed));
    last.set(checked);
    return checked;
  }

  private Checked checkedAnew(Registered proposed) {
    var world = world(proposed);
    var compiled = CompiledPolicies.of(proposed, world);
    if (!compiled.problems().isEmpty()) {
      return invalid(proposed, compiled.problems());
    }
    var set = ActiveSet.of(proposed, world, compiled);
    var refusal = gatekeeper.refusal(set);
    return refusal.isPresent()
        ? invalid(proposed, List.of(refusal.get()))
        : new Checked(proposed, set, valid(proposed, set, compiled));
  }

  private Verdict valid(Registered proposed, ActiveSet set, CompiledPolicies compiled) {
    var findings = new ArrayList<>(PolicyFindings.of(compiled, set.world()));
    findings.addAll(Environments.of(proposed, compiled, question -> compiled(set, question)));
    return new Verdict.Valid(set.version(), findings);
  }

  private static Checked invalid(Registered proposed, List<Problem> problems) {
    return new Checked(proposed, ActiveSet.denying(proposed), new Verdict.Invalid(problems));
  }

  /// Makes the policies of `registered` decide, from the next question on. If they do not pass
  /// [#check], everything is denied until something does.
  public void activate(Registered registered) {
    try {
      var checked = checked(registered);
      if (checked.verdict() instanceof Verdict.Invalid(var problems)) {
        LOG.error("the policies cannot be activated, everything is denied: {}", problems);
      }
      if (engine == DecisionEngine.CEDAR || secondOpinions.figures().every() > 0) {
        checked.set().cedar().prepare();
      }
      active.set(checked.set());
      gatekeeper.remember(checked.set().version());
    } catch (RuntimeException e) {
      // What decided so far was made for another state of the registry, so it may not go on.
      active.set(ActiveSet.denying(new Registered(0, List.of())));
      LOG.error("the policies could not be checked, everything is denied", e);
    }
  }

  @Override
  public Replayed replay(Registered proposed, int newest) {
    var set = checked(proposed).set();
    var now = active.get();
    replaying.lock();
    try {
      return new Replay(past, Runtime.getRuntime().availableProcessors())
          .of(question -> compiled(set, question), question -> compiled(now, question), newest);
    } finally {
      replaying.unlock();
    }
  }

  /// Our own evaluator, whatever is configured: both give the same answers, and this one takes
  /// microseconds.
  private Decision compiled(ActiveSet set, Question question) {
    return answer(set, question, DecisionEngine.COMPILED);
  }

  @Override
  public Decided decide(Question question) {
    var now = active.get();
    var decision = explained(now, question);
    secondOpinions.sees(now, question, decision);
    var changes = shadowed(now, question, decision);
    shadowChanges.add(changes.size());
    return decided(now, decision, changes);
  }

  /// What the engine that does not decide answers to `question`; empty where it cannot be asked.
  private Optional<Decision> otherwise(ActiveSet set, Question question) {
    if (question.arguments() instanceof Arguments.NotYet) {
      return Optional.empty();
    }
    var other = engine == DecisionEngine.COMPILED ? DecisionEngine.CEDAR : DecisionEngine.COMPILED;
    try {
      return Optional.of(Delegated.decide(question, one -> alone(set, one, other)));
    } catch (CedarUnavailable e) {
      return Optional.empty();
    }
  }

  /// Has `then` told, off the path of calls, where the engines differ on a live decision.
  public void onDisagreement(Consumer<Disagreement> then) {
    secondOpinions.onDisagreement(then);
  }

  public SecondOpinionFigures secondOpinions() {
    return secondOpinions.figures();
  }

  /// How many texts are in shadow now.
  int shadows() {
    return active.get().shadows().size();
  }

  /// How often since the start a policy in shadow would have changed a decision.
  long shadowChanges() {
    return shadowChanges.sum();
  }

  public DecisionEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    secondOpinions.close();
  }

  @Override
  public List<Decided> decideAll(List<Question> questions) {
    var now = active.get();
    var all = new ArrayList<Decided>(questions.size());
    for (var question : questions) {
      all.add(decided(now, answer(now, question), List.of()));
    }
    return all;
  }

  private static Decided decided(ActiveSet now, Decision decision, List<Shadowed> shadow) {
    return new Decided(decision, now.version(), now.policies().notified(decision), shadow);
  }

  /// What policies in shadow would have changed. They must not: whatever goes wrong with them, the
  /// decision stands.
  private static List<Shadowed> shadowed(ActiveSet now, Question question, Decision decision) {
    if (now.shadows().isEmpty() || question.arguments() instanceof Arguments.NotYet) {
      return List.of();
    }
    try {
      var request = now.requests().of(question);
      return request.isEmpty() ? List.of() : now.shadows().of(question, request.get(), decision);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("the policies in shadow could not be tried", e);
      return List.of();
    }
  }

  /// A deny for want of a permit names the permits that came near.
  private Decision explained(ActiveSet now, Question question) {
    var decision = answer(now, question);
    if (decision instanceof Decision.Deny deny && deny.because().isEmpty()) {
      var request = now.requests().of(question);
      if (request.isPresent()) {
        var nearly = now.policies().nearly(request.get(), now.world().entities());
        return new Decision.Deny(List.of(), deny.errors(), nearly);
      }
    }
    return decision;
  }

  private Decision answer(ActiveSet now, Question question) {
    return answer(now, question, engine);
  }

  private Decision answer(ActiveSet now, Question question, DecisionEngine engine) {
    try {
      return Delegated.decide(question, one -> alone(now, one, engine));
    } catch (CedarUnavailable e) {
      return denied(EVALUATION, e.getMessage() == null ? "no answer" : e.getMessage());
    } catch (RuntimeException | StackOverflowError e) {
      // INVARIANT: any failure to evaluate is a refusal. Reaching this is a bug, so it is loud.
      LOG.error("a question could not be evaluated and is denied", e);
      return denied(EVALUATION, "the question could not be evaluated");
    }
  }

  /// Answers `question` for whoever asks it, whoever delegated it to them.
  private Decision alone(ActiveSet now, Question question, DecisionEngine engine) {
    return now.requests()
        .of(question)
        .map(request -> combined(now, question, request, engine))
        .orElseGet(() -> denied(REGISTRY, "what is asked about is not registered"));
  }

  /// Lists are always answered by the compiled evaluator: cedar-java cannot say what an unknown
  /// argument could lead to.
  private Decision combined(
      ActiveSet now, Question question, Request request, DecisionEngine engine) {
    return switch (question.arguments()) {
      case Arguments.NotYet() ->
          now.policies().decide(request, now.world().entities(), Combination.POSSIBLE);
      case Arguments.Given(var asked) -> {
        var decision =
            Combination.REMIT.combine(
                evaluated(now, request, engine), () -> evaluated(now, request.approved(), engine));
        yield decision instanceof Decision.Modify modify
            ? Fulfilment.of(
                modify, question, asked, narrowed -> alone(now, question.with(narrowed), engine))
            : decision;
      }
    };
  }

  private Findings evaluated(ActiveSet now, Request request, DecisionEngine engine) {
    return switch (engine) {
      case COMPILED -> evaluator.evaluate(now.policies(), request, now.world().entities());
      case CEDAR -> now.cedar().evaluate(request);
    };
  }

  private static Decision denied(PolicyId id, String message) {
    return new Decision.Deny(List.of(), List.of(new PolicyError(id, message)), List.of());
  }

  /// What is declared as far as the policies that decide now know.
  Registered registered() {
    return active.get().registered();
  }

  /// Why the policies that decide now answer a question so.
  ///
  /// @param registered what they were made for, with what was supposed
  record Reasoned(Registered registered, Question question, Digest version, Reasoning reasoning) {}

  /// Answers what is supposed of what is registered now, and says why. Slower than [#decide], and
  /// always by our own evaluator; changes and records nothing.
  ///
  /// @return empty if what is asked about is not registered
  Optional<Reasoned> reasoned(Function<Registered, Supposition> supposing) {
    var now = active.get();
    var supposition = supposing.apply(now.registered());
    var registered = supposition.in(now.registered());
    var world = supposition.changesNothing() ? now.world() : world(registered);
    var asked = supposition.question();
    return new Requests(world).of(asked).map(_ -> reasoned(now, registered, world, asked));
  }

  /// Of a delegated question, the reasons are those of whoever is answered most strictly.
  private static Reasoned reasoned(
      ActiveSet now, Registered registered, World world, Question asked) {
    var trial = new Trial(now.policies(), world);
    var requests = new Requests(world);
    var answered =
        Delegated.answered(
            asked,
            one ->
                requests
                    .of(one)
                    .map(request -> trial.of(one, request))
                    .orElseGet(() -> denied(REGISTRY, "a delegator is not registered")));
    var request = requests.of(answered.question()).or(() -> requests.of(asked)).orElseThrow();
    var reasoning = Reasoning.of(now.policies(), world.entities(), request, answered.decision());
    return new Reasoned(registered, answered.question(), now.version(), reasoning);
  }
}
