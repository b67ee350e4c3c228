package dev.remit.kernel.policy;

/// A value of one fact with which one of a policy's conditions would hold.
///
/// @param condition Cedar text of the outermost condition that it is taken from
/// @param fact as Cedar source: `context.arguments.path`
/// @param kind how to read `value`
/// @param value a text, a whole number, `true` or `false`; of a pattern its text, in which `*`
///   stands for any characters
public record Hint(String condition, String fact, Kind kind, String value) {

  /// What a hint's value is.
  public enum Kind {
    TEXT,
    PATTERN,
    WHOLE,
    TRUTH
  }
}
