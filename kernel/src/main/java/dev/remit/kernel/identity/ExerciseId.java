package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one exercise of an alert.
///
/// @param value `xrc_` and 26 characters of lower-case Crockford base 32; sorts by time
public record ExerciseId(String value) implements Comparable<ExerciseId> {
  private static final String PREFIX = "xrc_";

  public ExerciseId {
    value = Ids.checked(PREFIX, value);
  }

  public static ExerciseId fresh(Instant now) {
    return new ExerciseId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(ExerciseId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
