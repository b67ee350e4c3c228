package dev.remit.kernel.policy;

/// How the answers of single policies become one answer.
public enum Combination {
  /// The Cedar specification: policies that fail are skipped; a satisfied forbid denies; otherwise
  /// a satisfied permit allows; otherwise deny. Annotations mean nothing.
  CEDAR,

  /// Ours, which only restricts: as [#CEDAR], but a forbid that fails denies, holds hold, and an
  /// obligation that nobody fulfils denies.
  REMIT
}
