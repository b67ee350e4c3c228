package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one rehearsed suspension.
///
/// @param value `drl_` and 26 characters of lower-case Crockford base 32; sorts by time
public record DrillId(String value) implements Comparable<DrillId> {
  private static final String PREFIX = "drl_";

  public DrillId {
    value = Ids.checked(PREFIX, value);
  }

  public static DrillId fresh(Instant now) {
    return new DrillId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(DrillId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
