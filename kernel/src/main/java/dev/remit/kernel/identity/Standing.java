package dev.remit.kernel.identity;

/// Whether an identity, workflow or person may act now.
public enum Standing implements Word {
  /// Acts as its grants and policies allow.
  ACTIVE,

  /// Stopped by an owner or by security; may be resumed.
  SUSPENDED,

  /// Stopped for good; kept for the record.
  RETIRED
}
