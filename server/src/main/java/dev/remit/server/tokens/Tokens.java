package dev.remit.server.tokens;

import java.net.URI;
import java.time.Instant;

/// Checks task tokens on every call.
@SuppressWarnings("DoNotCallSuggester")
public final class Tokens {

  /// Says whether `bearer` is good for `audience` at `now`.
  ///
  /// Verified tokens are remembered by their SHA-256; standing, task and feed are asked each time,
  /// so a suspension holds from the moment this node hears of it.
  ///
  /// @param bearer the token alone, without the word Bearer; blank when the caller sent none
  /// @param audience the resource asked for, `<publicUrl>/mcp/<resource>`
  public TokenCheck check(String bearer, URI audience, Instant now) {
    throw new UnsupportedOperationException("being built");
  }
}
