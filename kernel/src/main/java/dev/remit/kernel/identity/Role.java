package dev.remit.kernel.identity;

/// What a person may do in Remit. A person may hold several.
public enum Role implements Word {
  /// Answers for workflows and identities.
  OWNER,

  /// Agrees to held calls, grants and promotions of others.
  APPROVER,

  /// Writes policies, suspends anything.
  SECURITY,

  /// Reads everything, changes nothing.
  AUDITOR,

  /// Installs, configures, and introduces people.
  ADMIN,

  /// Switches the enforcement of policy off for a while, together with another who may.
  BREAK_GLASS,

  /// Erases content for good.
  PRIVACY
}
