package dev.remit.kernel.identity;

/// The declared name of a human known to the organisation.
///
/// @param value a DNS label (RFC 1123): 1 to 63 lower-case letters, digits and inner hyphens
public record PersonName(String value) implements Comparable<PersonName> {

  public PersonName {
    value = Names.checked("person", value);
  }

  @Override
  public int compareTo(PersonName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
