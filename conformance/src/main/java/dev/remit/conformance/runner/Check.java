package dev.remit.conformance.runner;

/// One thing that a scenario looked at.
///
/// @param status `SUCCESS`, `FAILURE`, `WARNING`, `SKIPPED`, or `INFO` for a mere observation
/// @param why the runner's message; empty unless something is wrong
public record Check(String id, String name, String status, String why) {

  /// Whether both checks say the same; the wording of a failure may hold ports and times.
  boolean saysTheSameAs(Check other) {
    return id.equals(other.id) && name.equals(other.name) && status.equals(other.status);
  }
}
