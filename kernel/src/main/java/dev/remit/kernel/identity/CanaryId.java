package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one canary: a secret that is planted to see where it turns up.
///
/// @param value `cny_` and 26 characters of lower-case Crockford base 32; sorts by time
public record CanaryId(String value) implements Comparable<CanaryId> {
  private static final String PREFIX = "cny_";

  public CanaryId {
    value = Ids.checked(PREFIX, value);
  }

  public static CanaryId fresh(Instant now) {
    return new CanaryId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(CanaryId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
