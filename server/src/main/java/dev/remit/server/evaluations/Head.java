package dev.remit.server.evaluations;

import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.PersonName;
import java.time.Instant;
import java.util.Optional;

/// What a list shows of an evaluation: what is recorded of it, without judging its answers again.
///
/// @param origin `run`, or the tool and version that its results come from
/// @param state `planned`, `running`, `stopped` or `ended`
/// @param answered trials that are answered, of `trials`
/// @param verdict over all suites, as recorded last; empty before it was judged
public record Head(
    EvaluationId id,
    String origin,
    Plan plan,
    String state,
    int answered,
    int trials,
    Optional<Verdict> verdict,
    PersonName by,
    Instant at) {}
