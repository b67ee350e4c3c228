package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PolicyName;
import dev.remit.kernel.policy.Request;
import dev.remit.server.decisions.Gate.Difference;
import dev.remit.server.decisions.Gate.Trial;
import dev.remit.server.decisions.PassedGates.Pass;
import dev.remit.server.registry.PolicyCheck.Problem;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends each policy set through the [Gate] once: with requests made for it, then with the newest
/// recorded decisions. What has passed is remembered, in this process and, once it is active,
/// durably: a start need not try again what the same code has tried before.
final class Gatekeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Gatekeeper.class);
  private static final int PASSES_KEPT = 16;
  private static final int PAGE = 500;

  private final DecisionConfig config;
  private final Evaluator evaluator;
  private final PastDecisions past;
  private final PassedGates gates;
  private final InstantSource clock;
  private final EngineVersions engines = EngineVersions.running();

  /// Passes of this process, newest last.
  private final List<Pass> passes = new CopyOnWriteArrayList<>();

  Gatekeeper(
      DecisionConfig config,
      Evaluator evaluator,
      PastDecisions past,
      PassedGates gates,
      InstantSource clock) {
    this.config = config;
    this.evaluator = evaluator;
    this.past = past;
    this.gates = gates;
    this.clock = clock;
  }

  /// Returns why `set` must not become active; empty if it has passed, now or before.
  Optional<Problem> refusal(ActiveSet set) {
    if (set.policies().policies().isEmpty() || isPassed(set.version())) {
      return Optional.empty();
    }
    set.cedar().prepare();
    var gate = new Gate(evaluator, set);
    var generated = gate.run(generated(set));
    var recorded =
        generated.isPassed() ? gate.run(recorded(set)) : new Trial(0, 0, Optional.empty());
    var difference = generated.difference().or(recorded::difference);
    if (difference.isPresent()) {
      return Optional.of(problem(difference.get()));
    }
    keep(
        new Pass(
            set.version(),
            engines,
            generated.tried(),
            recorded.tried(),
            generated.incomparable() + recorded.incomparable()));
    return Optional.empty();
  }

  /// Writes down that `version`, which is active now, has passed in this process.
  void remember(Digest version) {
    for (var pass : passes) {
      if (pass.policies().equals(version)) {
        try {
          gates.add(pass, clock.instant());
        } catch (RuntimeException e) {
          LOG.warn("that the policies passed the gate could not be stored; it runs again", e);
        }
      }
    }
  }

  private boolean isPassed(Digest version) {
    return passes.stream().anyMatch(pass -> pass.policies().equals(version))
        || gates.contains(version, engines);
  }

  private void keep(Pass pass) {
    passes.add(pass);
    if (passes.size() > PASSES_KEPT) {
      passes.removeFirst();
    }
  }

  private Supplier<Optional<Request>> generated(ActiveSet set) {
    long seed = set.version().hashCode();
    var generator = new Generator(set.policies().policies(), set.world(), seed);
    int[] left = {config.gateRequests()};
    return () -> left[0]-- > 0 ? Optional.of(generator.next()) : Optional.empty();
  }

  /// What was really asked, as the world of `set` sees it. What it knows nothing of is passed over.
  private Supplier<Optional<Request>> recorded(ActiveSet set) {
    var open = new ArrayDeque<PastDecisions.Kept>();
    long[] before = {Long.MAX_VALUE};
    int[] left = {config.gateDecisions()};
    return () -> {
      while (true) {
        if (open.isEmpty()) {
          open.addAll(left[0] > 0 ? past.newest(before[0], Math.min(left[0], PAGE)) : List.of());
          if (open.isEmpty()) {
            return Optional.empty();
          }
          left[0] -= open.size();
          before[0] = open.getLast().index();
        }
        if (open.remove().open() instanceof Past.Made made) {
          var request = set.requests().of(made.question());
          if (request.isPresent()) {
            return request;
          }
        }
      }
    };
  }

  private static Problem problem(Difference difference) {
    var first = difference.minimal().policies().getFirst().id().value();
    return new Problem(
        new PolicyName(first.replaceFirst("#.*", "")),
        1,
        1,
        "the two policy engines disagree: " + difference.text(),
        "please report this; until it is mended, write the policy another way");
  }
}
