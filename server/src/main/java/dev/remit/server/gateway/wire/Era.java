package dev.remit.server.gateway.wire;

/// The two ways in which the protocol has been spoken.
public enum Era {
  /// Up to 2025-11-25: a session begins with `initialize`, and the server may send requests.
  LEGACY,

  /// From 2026-07-28: every request stands alone and declares its version in `_meta`.
  MODERN
}
