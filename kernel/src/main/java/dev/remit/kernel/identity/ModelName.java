package dev.remit.kernel.identity;

/// The declared name of a model as deployed.
///
/// @param value a DNS label (RFC 1123): 1 to 63 lower-case letters, digits and inner hyphens
public record ModelName(String value) implements Comparable<ModelName> {

  public ModelName {
    value = Names.checked("model", value);
  }

  @Override
  public int compareTo(ModelName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
