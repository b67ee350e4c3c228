package dev.remit.kernel.identity;

/// The declared name of the business process an identity serves.
///
/// @param value a DNS label (RFC 1123): 1 to 63 lower-case letters, digits and inner hyphens
public record WorkflowName(String value) implements Comparable<WorkflowName> {

  public WorkflowName {
    value = Names.checked("workflow", value);
  }

  @Override
  public int compareTo(WorkflowName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
