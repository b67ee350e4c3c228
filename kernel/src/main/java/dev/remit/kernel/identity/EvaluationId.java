package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one evaluation.
///
/// @param value `evl_` and 26 characters of lower-case Crockford base 32; sorts by time
public record EvaluationId(String value) implements Comparable<EvaluationId> {
  private static final String PREFIX = "evl_";

  public EvaluationId {
    value = Ids.checked(PREFIX, value);
  }

  public static EvaluationId fresh(Instant now) {
    return new EvaluationId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(EvaluationId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
