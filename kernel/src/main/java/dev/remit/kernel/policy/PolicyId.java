package dev.remit.kernel.policy;

/// Names one Cedar statement of a policy set: the policy's name, and from the second statement of
/// one text on its place (`working-hours`, `working-hours#2`).
public record PolicyId(String value) implements Comparable<PolicyId> {

  public PolicyId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a policy id is not empty");
    }
  }

  @Override
  public int compareTo(PolicyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
