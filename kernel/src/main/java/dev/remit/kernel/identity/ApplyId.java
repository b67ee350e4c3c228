package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one apply that waits for a second person.
///
/// @param value `apl_` and 26 characters of lower-case Crockford base 32; sorts by time
public record ApplyId(String value) implements Comparable<ApplyId> {
  private static final String PREFIX = "apl_";

  public ApplyId {
    value = Ids.checked(PREFIX, value);
  }

  public static ApplyId fresh(Instant now) {
    return new ApplyId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(ApplyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
