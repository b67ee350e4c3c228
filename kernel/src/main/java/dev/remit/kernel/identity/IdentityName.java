package dev.remit.kernel.identity;

/// The declared name of one workload identity inside its workflow.
///
/// @param value a DNS label (RFC 1123): 1 to 63 lower-case letters, digits and inner hyphens
public record IdentityName(String value) implements Comparable<IdentityName> {

  public IdentityName {
    value = Names.checked("identity", value);
  }

  @Override
  public int compareTo(IdentityName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
