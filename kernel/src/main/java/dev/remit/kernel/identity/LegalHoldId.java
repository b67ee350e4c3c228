package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one legal hold: content that may not be erased.
///
/// @param value `lgl_` and 26 characters of lower-case Crockford base 32; sorts by time
public record LegalHoldId(String value) implements Comparable<LegalHoldId> {
  private static final String PREFIX = "lgl_";

  public LegalHoldId {
    value = Ids.checked(PREFIX, value);
  }

  public static LegalHoldId fresh(Instant now) {
    return new LegalHoldId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(LegalHoldId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
