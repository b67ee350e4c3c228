package dev.remit.server.http;

import java.time.Instant;

/// Tells who presented an `Authorization` header.
public interface Callers {

  /// Never throws for a bad credential; that is [Caller.Unrecognised].
  ///
  /// @param authorization the header's value, or empty when it was absent
  Caller of(String authorization, Instant now);
}
