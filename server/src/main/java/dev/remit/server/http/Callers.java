package dev.remit.server.http;

import java.time.Instant;

/// Tells who sent a request, by what it presented.
public interface Callers {

  /// Never throws for a bad credential; that is [Caller.Unrecognised].
  Caller of(Presented presented, Instant now);
}
