package dev.remit.server.gateway.wire;

/// How the gateway treats a method. In every case token, standing and a grant that reaches the
/// resource come first; the difference is what comes after.
public sealed interface Treatment {

  /// Policy decides each request, the decision is recorded, and so is the outcome.
  ///
  /// @param action the name of the action in policies
  /// @param target the parameter that names what is asked for; empty if nothing is named
  record Decided(String action, String target) implements Treatment {}

  /// Policy decides each element of the result; what the task could not be allowed is left out.
  ///
  /// @param member the member of the result that holds the elements
  /// @param key the member of an element that names it
  record Filtered(String member, String key) implements Treatment {}

  /// A stream of changes; each resource it wants to follow is decided like reading it.
  record Listened() implements Treatment {}

  /// Opens a session, which is then bound to the task that opened it.
  record Opening() implements Treatment {}

  /// Passes for whoever may reach the resource at all; nothing in it is worth a decision.
  record Passed() implements Treatment {}
}
