package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one decision, under which its ledger entries and its receipt are found.
///
/// @param value `dec_` and 26 characters of lower-case Crockford base 32; sorts by time
public record DecisionId(String value) implements Comparable<DecisionId> {
  private static final String PREFIX = "dec_";

  public DecisionId {
    value = Ids.checked(PREFIX, value);
  }

  /// Mints an id that nobody can guess.
  public static DecisionId fresh(Instant now) {
    return new DecisionId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(DecisionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
