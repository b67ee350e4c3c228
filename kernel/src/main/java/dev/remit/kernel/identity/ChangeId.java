package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one change of what decides an identity.
///
/// @param value `chg_` and 26 characters of lower-case Crockford base 32; sorts by time
public record ChangeId(String value) implements Comparable<ChangeId> {
  private static final String PREFIX = "chg_";

  public ChangeId {
    value = Ids.checked(PREFIX, value);
  }

  public static ChangeId fresh(Instant now) {
    return new ChangeId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(ChangeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
