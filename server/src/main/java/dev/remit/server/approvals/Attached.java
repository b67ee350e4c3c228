package dev.remit.server.approvals;

/// What a held call has found.
public sealed interface Attached {

  /// The approval that covers it, whatever its state.
  record To(Approval approval) implements Attached {}

  /// Nobody is asked, because too much is asked already.
  record TooMany(Crowd crowd) implements Attached {}

  /// What is crowded.
  ///
  /// @param what `task`, `identity` or `workflow`
  /// @param pending whether too many wait at once; else too many were asked for in the last while
  /// @param max the limit
  record Crowd(String what, String name, boolean pending, int max) {}
}
