package dev.remit.server.assumptions;

/// An assumption that no longer holds.
///
/// @param how what is different now, in one clause without names that are secret
public record Broken(Assumption assumption, String how) {

  /// Returns `how`.
  @Override
  public String toString() {
    return how;
  }
}
