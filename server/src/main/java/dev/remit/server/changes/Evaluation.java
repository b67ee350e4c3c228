package dev.remit.server.changes;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import java.time.Instant;
import java.util.Optional;

/// What one suite has said of a change.
///
/// @param run where the run is on record: an evaluation of this server, or wherever else
/// @param how who says so
/// @param plan digest of the plan that was frozen before the run; empty where it ran elsewhere
/// @param said what else people should know of it, such as earlier runs that failed; may be empty
public record Evaluation(
    String suite,
    String run,
    Outcome outcome,
    How how,
    Optional<Digest> plan,
    String said,
    PersonName by,
    Instant at) {

  /// What it came to.
  public enum Outcome implements Word {
    PASS,
    FAIL,
    INCONCLUSIVE
  }

  /// By what it is known.
  public enum How implements Word {
    /// An evaluation of this server has shown it; every answer is on record.
    RUN,

    /// An evaluation of this server has judged what another tool had asked.
    IMPORTED,

    /// A person has written down what came of it elsewhere.
    ELSEWHERE
  }

  /// What a person writes down.
  static Evaluation elsewhere(
      String suite, String run, Outcome outcome, PersonName by, Instant at) {
    return new Evaluation(suite, run, outcome, How.ELSEWHERE, Optional.empty(), "", by, at);
  }

  /// Whether it says the same of the same run.
  boolean repeats(Evaluation other) {
    return run.equals(other.run)
        && outcome == other.outcome
        && how == other.how
        && plan.equals(other.plan);
  }
}
