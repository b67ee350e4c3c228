package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one request to a person and that person's answer.
///
/// @param value `apr_` and 26 characters of lower-case Crockford base 32; sorts by time
public record ApprovalId(String value) implements Comparable<ApprovalId> {
  private static final String PREFIX = "apr_";

  public ApprovalId {
    value = Ids.checked(PREFIX, value);
  }

  /// Mints an id that nobody can guess.
  public static ApprovalId fresh(Instant now) {
    return new ApprovalId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(ApprovalId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
