package dev.remit.kernel.identity;

/// Where a model stands with its provider. A word of its provider, and never a reason to trust it.
public enum Lifecycle implements Word {
  /// Offered to be tried: may change or end without notice.
  BETA,

  /// Generally available.
  GA,

  /// Still answers, and will end.
  DEPRECATED,

  /// Ended by its provider.
  WITHDRAWN
}
