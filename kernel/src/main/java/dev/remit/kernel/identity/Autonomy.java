package dev.remit.kernel.identity;

/// How much an identity may do without a person, declared and enforced.
public enum Autonomy implements Word {
  /// Reads and answers; anything with a side effect is refused.
  ANSWERS_ONLY,

  /// Acts, and side effects may need a person's agreement.
  ACTS_WITH_CONFIRMATION,

  /// Acts within its policies without asking.
  ACTS_ALONE
}
