package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one wish to let something suspended act again.
///
/// @param value `rsm_` and 26 characters of lower-case Crockford base 32; sorts by time
public record ResumptionId(String value) implements Comparable<ResumptionId> {
  private static final String PREFIX = "rsm_";

  public ResumptionId {
    value = Ids.checked(PREFIX, value);
  }

  public static ResumptionId fresh(Instant now) {
    return new ResumptionId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(ResumptionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
