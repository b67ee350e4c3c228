package dev.remit.kernel.identity;

/// The declared name of an upstream that offers tools: an MCP server, an HTTP API, a database, a
/// model endpoint.
///
/// @param value a DNS label (RFC 1123): 1 to 63 lower-case letters, digits and inner hyphens
public record ResourceName(String value) implements Comparable<ResourceName> {

  public ResourceName {
    value = Names.checked("resource", value);
  }

  @Override
  public int compareTo(ResourceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
