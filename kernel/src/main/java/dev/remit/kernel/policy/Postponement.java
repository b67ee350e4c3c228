package dev.remit.kernel.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What a forbid that is annotated `@defer("PT1H")` says instead of no: not now.
///
/// @param retryAfter when to ask again (ISO 8601), at least a second and at most 30 days
record Postponement(Duration retryAfter) {

  /// How soon to ask again where only a fact is missing.
  static final Duration FACT_RETRY = Duration.ofSeconds(5);

  private static final Duration MIN = Duration.ofSeconds(1);

  static Optional<Postponement> of(Effect effect, Map<String, String> annotations) {
    var text = annotations.get("defer");
    if (text == null) {
      return Optional.empty();
    }
    if (effect != Effect.FORBID) {
      throw new UnreadablePolicy("`@defer` belongs on a forbid, not on a permit");
    }
    if (annotations.containsKey("hold")) {
      throw new UnreadablePolicy("`@defer` and `@hold` are two answers: write two policies");
    }
    return Optional.of(new Postponement(Periods.read("defer", text, MIN, Hold.PATIENCE_MAX)));
  }
}
