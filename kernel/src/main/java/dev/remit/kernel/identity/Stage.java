package dev.remit.kernel.identity;

/// Where a workflow stands between trial and retirement.
public enum Stage implements Word {
  /// A production candidate on trial; expires by default.
  PILOT,

  /// Promoted on proofs.
  PRODUCTION,

  /// Ended; nothing is issued for it any more.
  RETIRED
}
