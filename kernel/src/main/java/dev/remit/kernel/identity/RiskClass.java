package dev.remit.kernel.identity;

/// How much harm a workload could do with what it can really reach, coarsely; in ascending order.
public enum RiskClass implements Word {
  /// Summarises or drafts: touches nothing sensitive and changes nothing.
  LOW,

  /// Sees something sensitive, or changes something.
  MODERATE,

  /// Needs tighter approvals and shorter windows and lives.
  HIGH,

  /// Several things that are bad alone come together.
  CRITICAL;

  public boolean isAtLeast(RiskClass other) {
    return compareTo(other) >= 0;
  }
}
