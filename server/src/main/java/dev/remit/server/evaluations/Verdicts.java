package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.EvaluationId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where others read what evaluations have shown.
public interface Verdicts {

  /// Returns what was shown of the version with this fingerprint, the newest evaluation first.
  List<SuiteVerdict> of(Digest fingerprint);

  /// Returns what one evaluation has shown, suite by suite; empty before it was judged.
  List<SuiteVerdict> of(EvaluationId id);

  /// Returns when each of the newest evaluations was judged, at most 200.
  Map<EvaluationId, Instant> newest();

  /// Says how an evaluation is stored otherwise than it was recorded; empty if it is not.
  Optional<String> altered(EvaluationId id);

  /// Those of `evaluations`, held against what the ledger says.
  static Verdicts of(Evaluations evaluations, Recorded recorded) {
    return new Verdicts() {
      @Override
      public List<SuiteVerdict> of(Digest fingerprint) {
        return evaluations.verdicts(fingerprint);
      }

      @Override
      public List<SuiteVerdict> of(EvaluationId id) {
        return evaluations.verdicts(id);
      }

      @Override
      public Map<EvaluationId, Instant> newest() {
        return evaluations.judgedAt();
      }

      @Override
      public Optional<String> altered(EvaluationId id) {
        return recorded.altered(id);
      }
    };
  }
}
