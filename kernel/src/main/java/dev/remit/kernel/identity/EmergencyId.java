package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one emergency: the breaking of glass for one identity or workflow.
///
/// @param value `brk_` and 26 characters of lower-case Crockford base 32; sorts by time
public record EmergencyId(String value) implements Lifting, Comparable<EmergencyId> {
  private static final String PREFIX = "brk_";

  public EmergencyId {
    value = Ids.checked(PREFIX, value);
  }

  public static EmergencyId fresh(Instant now) {
    return new EmergencyId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(EmergencyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
