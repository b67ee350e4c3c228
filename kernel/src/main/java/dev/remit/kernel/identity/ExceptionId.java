package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one exception, the acceptance of a finding for a while.
///
/// @param value `exc_` and 26 characters of lower-case Crockford base 32; sorts by time
public record ExceptionId(String value) implements Comparable<ExceptionId> {
  private static final String PREFIX = "exc_";

  public ExceptionId {
    value = Ids.checked(PREFIX, value);
  }

  public static ExceptionId fresh(Instant now) {
    return new ExceptionId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(ExceptionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
