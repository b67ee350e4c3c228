package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one finding.
///
/// @param value `fnd_` and 26 characters of lower-case Crockford base 32; sorts by time
public record FindingId(String value) implements Comparable<FindingId> {
  private static final String PREFIX = "fnd_";

  public FindingId {
    value = Ids.checked(PREFIX, value);
  }

  public static FindingId fresh(Instant now) {
    return new FindingId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(FindingId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
