package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one wish to observe policy without enforcing it.
///
/// @param value `enf_` and 26 characters of lower-case Crockford base 32; sorts by time
public record EnforcementId(String value) implements Lifting, Comparable<EnforcementId> {
  private static final String PREFIX = "enf_";

  public EnforcementId {
    value = Ids.checked(PREFIX, value);
  }

  public static EnforcementId fresh(Instant now) {
    return new EnforcementId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(EnforcementId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
