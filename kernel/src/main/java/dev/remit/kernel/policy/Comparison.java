package dev.remit.kernel.policy;

/// A place where a policy compares a fact with a word of its own.
///
/// @param fact the fact as Cedar source: `context.stage`
/// @param required whether the policy is satisfied only if the comparison is true
public record Comparison(String fact, Kind kind, String word, boolean required) {

  /// How they are compared.
  public enum Kind {
    EQUAL,
    NOT_EQUAL,
    /// The fact is a set, and the word is sought in it.
    CONTAINS
  }
}
