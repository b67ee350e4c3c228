package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one wish to promote a workflow.
///
/// @param value `prm_` and 26 characters of lower-case Crockford base 32; sorts by time
public record PromotionId(String value) implements Comparable<PromotionId> {
  private static final String PREFIX = "prm_";

  public PromotionId {
    value = Ids.checked(PREFIX, value);
  }

  public static PromotionId fresh(Instant now) {
    return new PromotionId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(PromotionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
