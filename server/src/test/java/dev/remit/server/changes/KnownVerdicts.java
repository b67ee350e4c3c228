package dev.remit.server.changes;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Axis;
import dev.remit.kernel.comparison.ComparisonRule;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.server.evaluations.SuiteVerdict;
import dev.remit.server.evaluations.Verdicts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What evaluations have shown, as a test says it.
public final class KnownVerdicts implements Verdicts {
  private static final ComparisonRule RULE = new ComparisonRule(0.1, 0.95, 0.02);

  private final List<SuiteVerdict> known = new ArrayList<>();
  private final Map<EvaluationId, String> edited = new HashMap<>();

  /// An evaluation of `suites` has come to `verdict`.
  public EvaluationId shown(
      List<String> suites,
      Digest candidate,
      Optional<Digest> baseline,
      Verdict verdict,
      Instant at) {
    return shown(suites, candidate, baseline, RULE, verdict, at);
  }

  public EvaluationId shown(
      List<String> suites,
      Digest candidate,
      Optional<Digest> baseline,
      ComparisonRule rule,
      Verdict verdict,
      Instant at) {
    var id = EvaluationId.fresh(at);
    for (var suite : suites) {
      known.addFirst(
          new SuiteVerdict(
              id,
              "run",
              Digest.of("plan of " + id),
              suite,
              Digest.of(suite),
              Axis.REFUSAL,
              candidate,
              baseline,
              rule,
              verdict,
              verdict == Verdict.FAIL ? 1_500 : 0,
              at,
              at));
    }
    return id;
  }

  public void edited(EvaluationId id, String how) {
    edited.put(id, how);
  }

  @Override
  public List<SuiteVerdict> of(Digest fingerprint) {
    return known.stream().filter(one -> one.candidate().equals(fingerprint)).toList();
  }

  @Override
  public List<SuiteVerdict> of(EvaluationId id) {
    return known.stream().filter(one -> one.evaluation().equals(id)).toList();
  }

  @Override
  public Map<EvaluationId, Instant> newest() {
    var newest = new HashMap<EvaluationId, Instant>();
    known.forEach(one -> newest.put(one.evaluation(), one.at()));
    return newest;
  }

  @Override
  public Optional<String> altered(EvaluationId id) {
    return Optional.ofNullable(edited.get(id));
  }
}
