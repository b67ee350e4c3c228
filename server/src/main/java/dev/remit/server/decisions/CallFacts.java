package dev.remit.server.decisions;

/// What is known of this one call beside the task.
///
/// @param approved whether a person has agreed to exactly this call
/// @param risk 0 (none) to 100, as composed by whoever knows
public record CallFacts(boolean approved, long risk) {
  /// Nothing known that would speak for the call.
  public static final CallFacts NONE = new CallFacts(false, 0);
}
