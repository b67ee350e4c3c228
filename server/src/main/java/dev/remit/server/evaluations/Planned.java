package dev.remit.server.evaluations;

import dev.remit.kernel.comparison.BlindSample;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.PersonName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One evaluation as it is stored.
///
/// @param origin `run`, or the tool and version that its results come from
/// @param revealed whether the secret of the blind sample was told
/// @param axes what each suite has come to, as recorded; empty before it was judged
/// @param wanted whether it is to be run, or run on
record Planned(
    EvaluationId id,
    String origin,
    Plan plan,
    BlindSample blind,
    boolean revealed,
    State state,
    Optional<Verdict> verdict,
    List<String> axes,
    PersonName by,
    Instant at,
    Optional<Instant> judgedAt,
    boolean wanted,
    Optional<Instant> leasedUntil) {
  static final String RUN = "run";

  Planned {
    axes = List.copyOf(axes);
  }

  /// How far it has come.
  enum State {
    /// Frozen; perhaps being run.
    PLANNED,

    /// Stopped before its last case: by its budget, by a person, or since it was shown.
    STOPPED,

    /// Every case was asked.
    ENDED
  }
}
