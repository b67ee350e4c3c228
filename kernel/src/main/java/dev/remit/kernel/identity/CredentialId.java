package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one credential that was issued for a task.
///
/// @param value `cred_` and 26 characters of lower-case Crockford base 32; sorts by time
public record CredentialId(String value) implements Comparable<CredentialId> {
  private static final String PREFIX = "cred_";

  public CredentialId {
    value = Ids.checked(PREFIX, value);
  }

  /// Mints an id that nobody can guess.
  public static CredentialId fresh(Instant now) {
    return new CredentialId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(CredentialId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
