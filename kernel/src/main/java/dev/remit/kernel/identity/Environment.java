package dev.remit.kernel.identity;

/// Where a resource lives; the same tool may be harmless in one and not in another.
public enum Environment implements Word {
  /// A developer's own.
  DEVELOPMENT,

  /// Shared, with data that may be lost or seen.
  TEST,

  /// Real data, real effects.
  PRODUCTION
}
