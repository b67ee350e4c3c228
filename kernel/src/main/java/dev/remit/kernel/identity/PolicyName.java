package dev.remit.kernel.identity;

/// The declared name of one versioned Cedar policy text.
///
/// @param value a DNS label (RFC 1123): 1 to 63 lower-case letters, digits and inner hyphens
public record PolicyName(String value) implements Comparable<PolicyName> {

  public PolicyName {
    value = Names.checked("policy", value);
  }

  @Override
  public int compareTo(PolicyName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
