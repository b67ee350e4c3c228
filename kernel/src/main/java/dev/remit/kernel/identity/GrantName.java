package dev.remit.kernel.identity;

/// The declared name of one statement of what an identity may be allowed to ask for.
///
/// @param value a DNS label (RFC 1123): 1 to 63 lower-case letters, digits and inner hyphens
public record GrantName(String value) implements Comparable<GrantName> {

  public GrantName {
    value = Names.checked("grant", value);
  }

  @Override
  public int compareTo(GrantName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
