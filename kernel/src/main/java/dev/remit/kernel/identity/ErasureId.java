package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one erasure of content.
///
/// @param value `era_` and 26 characters of lower-case Crockford base 32; sorts by time
public record ErasureId(String value) implements Comparable<ErasureId> {
  private static final String PREFIX = "era_";

  public ErasureId {
    value = Ids.checked(PREFIX, value);
  }

  public static ErasureId fresh(Instant now) {
    return new ErasureId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(ErasureId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
