package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Axis;
import dev.remit.kernel.comparison.ComparisonRule;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import java.time.Instant;
import java.util.Optional;

/// What one evaluation has shown of one suite: about how safely a model answers, and nothing about
/// what anybody may do.
///
/// @param origin `run`, or the tool whose results were imported
/// @param plan the digest of the plan, frozen before the run
/// @param digest of the suite, so of every case
/// @param candidate the fingerprint that was tested
/// @param baseline the one it was compared with
/// @param rule the margin and confidence that the plan has fixed
/// @param worse share of the cases that the candidate fails or leaves unscored and the baseline
///   does not, in ten-thousandths
/// @param plannedAt when the plan was frozen
/// @param at when it was judged
public record SuiteVerdict(
    EvaluationId evaluation,
    String origin,
    Digest plan,
    String suite,
    Digest digest,
    Axis axis,
    Digest candidate,
    Optional<Digest> baseline,
    ComparisonRule rule,
    Verdict verdict,
    long worse,
    Instant plannedAt,
    Instant at) {

  /// Whether it was run here, so that every answer is on record.
  public boolean isOwn() {
    return origin.equals(Planned.RUN);
  }
}
