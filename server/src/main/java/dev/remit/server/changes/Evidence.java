package dev.remit.server.changes;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.change.Part;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.server.evaluations.SuiteVerdict;
import dev.remit.server.registry.Fingerprints;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Which verdict counts for each suite that a change needs: the newest of an evaluation whose plan,
/// frozen before it ran, is about exactly what the change brings.
///
/// It is about that where its candidate is the identity as a whole with what it is declared as now,
/// or, where nothing but the model differs, the model. Its baseline is what was approved before, or
/// none, which is stricter: each case then counts as if the baseline had passed it. Of what was
/// seen and nobody declared only a plan frozen afterwards can say anything.
///
/// Pure.
final class Evidence {
  /// Parts that are the model's own, so that asking the model alone shows what they do.
  private static final Set<Part> OF_MODEL =
      EnumSet.of(
          Part.PROVIDER,
          Part.MODEL,
          Part.VERSION,
          Part.PARAMETERS,
          Part.CONTEXT_WINDOW,
          Part.SAFETY,
          Part.GUARDRAILS,
          Part.FINE_TUNE,
          Part.BACKEND,
          Part.OBSERVED);

  private final Change change;
  private final Set<Digest> candidates;
  private final Set<Digest> baselines;
  private final Triggers.Evidence demanded;

  Evidence(Change change, Optional<Change> before, Triggers.Evidence demanded) {
    this.change = change;
    this.demanded = demanded;
    this.candidates = candidates(change, before);
    this.baselines = new HashSet<>();
    before.ifPresent(was -> {
      baselines.add(was.declared());
      baselines.add(Fingerprints.ofModel(was.fingerprint()));
    });
  }

  /// Whose verdicts may be about a change.
  static Set<Digest> candidates(Change change, Optional<Change> before) {
    var digests = new HashSet<Digest>();
    digests.add(change.declared());
    boolean modelAlone =
        before
            .map(was -> change.fingerprint().since(was.fingerprint()))
            .map(differences -> differences.stream().allMatch(one -> OF_MODEL.contains(one.part())))
            .orElse(true);
    if (modelAlone) {
      digests.add(Fingerprints.ofModel(change.fingerprint()));
    }
    return digests;
  }

  /// Returns what counts, by suite.
  ///
  /// @param verdicts of the candidates, the newest evaluation first
  Map<String, Evaluation> of(List<SuiteVerdict> verdicts, Instant now) {
    var found = new TreeMap<String, Evaluation>();
    for (var suite : change.suites()) {
      var about =
          verdicts.stream().filter(one -> one.suite().equals(suite) && counts(one)).toList();
      if (!about.isEmpty()) {
        found.put(suite, evaluation(about, now));
      }
    }
    return found;
  }

  private boolean counts(SuiteVerdict one) {
    boolean compared =
        one.baseline()
            .map(base -> baselines.contains(base) && !base.equals(one.candidate()))
            .orElse(true);
    boolean inTime =
        change.origin() == Origin.APPLY || !one.plannedAt().isBefore(change.openedAt());
    return candidates.contains(one.candidate())
        && compared
        && inTime
        && one.rule().margin() <= demanded.marginMax()
        && one.rule().confidence() >= demanded.confidenceMin();
  }

  /// The newest says what it is; those before it that failed are not forgotten.
  private Evaluation evaluation(List<SuiteVerdict> about, Instant now) {
    var newest = about.getFirst();
    var failed = new ArrayList<String>();
    about.stream()
        .skip(1)
        .filter(one -> one.verdict() == Verdict.FAIL)
        .forEach(one -> failed.add(one.evaluation().value()));
    return new Evaluation(
        newest.suite(),
        newest.evaluation().value(),
        outcome(newest.verdict()),
        newest.isOwn() ? Evaluation.How.RUN : Evaluation.How.IMPORTED,
        Optional.of(newest.plan()),
        failed.isEmpty()
            ? ""
            : failed.stream().limit(5).collect(Collectors.joining(", ", "failed before in ", "")),
        Moves.REMIT,
        now);
  }

  private static Evaluation.Outcome outcome(Verdict verdict) {
    return switch (verdict) {
      case PASS -> Evaluation.Outcome.PASS;
      case FAIL -> Evaluation.Outcome.FAIL;
      case INCONCLUSIVE -> Evaluation.Outcome.INCONCLUSIVE;
    };
  }
}
