package dev.remit.server.credentials.oauth;

import java.time.Instant;

/// An access token of an upstream. Prints as `[redacted]`.
///
/// @param refreshAt from when another one is fetched, before `expiresAt`
public record AccessToken(String value, Instant refreshAt, Instant expiresAt) {

  @Override
  public String toString() {
    return "[redacted]";
  }
}
