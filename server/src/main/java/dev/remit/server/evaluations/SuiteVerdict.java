package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Axis;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import java.time.Instant;
import java.util.Optional;

/// What one evaluation has shown of one suite: about how safely a model answers, and nothing about
/// what anybody may do.
///
/// @param plan the digest of the plan, frozen before the run
/// @param digest of the suite, so of every case
/// @param candidate the fingerprint that was tested
/// @param baseline the one it was compared with
/// @param at when it was judged
public record SuiteVerdict(
    EvaluationId evaluation,
    Digest plan,
    String suite,
    Digest digest,
    Axis axis,
    Digest candidate,
    Optional<Digest> baseline,
    Verdict verdict,
    Instant at) {}
