package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.PersonName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An evaluation as it stands.
///
/// @param origin `run`, or the tool and version that its results come from
/// @param state `planned`, `running`, `stopped` or `ended`
/// @param answered trials that are answered, of `trials`
/// @param tokens in and out
/// @param cents rounded down
/// @param results of each suite, as what is stored gives them now
/// @param verdict over all of them; empty before the end
public record Progress(
    EvaluationId id,
    String origin,
    Plan plan,
    Digest digest,
    String state,
    int answered,
    int trials,
    long tokens,
    long cents,
    List<SuiteResult> results,
    Optional<Verdict> verdict,
    PersonName by,
    Instant at,
    Optional<Instant> judgedAt) {
  public Progress {
    results = List.copyOf(results);
  }
}
