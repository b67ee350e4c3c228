package dev.remit.kernel.identity;

/// What a person has had to do with something, for which it may be that they do not approve it.
public enum Duty implements Word {
  /// Asked for it, or is who an agent asks for.
  REQUESTER,

  /// Answers for the workflow.
  OWNER,

  /// Stands behind the workflow.
  SPONSOR,

  /// Applied the identity or a policy last.
  DEPLOYER,

  /// Reviewed a tool that is used, by pinning its definition.
  REVIEWER,

  /// Approved the grant that is used.
  GRANTER,

  /// Has approved it already.
  APPROVER
}
