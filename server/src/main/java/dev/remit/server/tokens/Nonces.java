package dev.remit.server.tokens;

import dev.remit.server.crypto.MasterKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/// Nonces for DPoP proofs: what a proof must repeat, so that none was made long before its use.
///
/// A nonce is the time at which it was made, sealed under the master key that all nodes share: each
/// node takes those of every other, across restarts, and no row is kept of any. A node hands out
/// one nonce for a third of its life.
///
/// Source: RFC 9449, sections 8 and 9.
final class Nonces {
  private static final String PURPOSE = "dpop-nonce";
  private static final int CHARS_MAX = 128;

  private final MasterKey master;
  private final Duration lifetime;
  private final Duration skew;
  private volatile Made newest = new Made("", Instant.MIN);

  private record Made(String text, Instant at) {}

  Nonces(MasterKey master, Duration lifetime, Duration skew) {
    this.master = master;
    this.lifetime = lifetime;
    this.skew = skew;
  }

  /// Returns what the next proof is to repeat.
  String current(Instant now) {
    var known = newest;
    if (now.isBefore(known.at()) || !isWithin(known.at(), lifetime.dividedBy(3), now)) {
      known = new Made(seal(now), now);
      newest = known;
    }
    return known.text();
  }

  /// Whether a node handed this out, not too long ago.
  boolean isFresh(String nonce, Instant now) {
    if (nonce.isEmpty() || nonce.length() > CHARS_MAX) {
      return false;
    }
    try {
      var opened = master.unwrap(Base64.getUrlDecoder().decode(nonce), PURPOSE);
      var at = Instant.ofEpochMilli(ByteBuffer.wrap(opened).getLong());
      return isWithin(at, lifetime, now) && !at.isAfter(now.plus(skew));
    } catch (IllegalArgumentException | IllegalStateException e) {
      return false;
    }
  }

  private String seal(Instant at) {
    var plain = ByteBuffer.allocate(Long.BYTES).putLong(at.toEpochMilli()).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(master.wrap(plain, PURPOSE));
  }

  private static boolean isWithin(Instant from, Duration duration, Instant now) {
    return from.isAfter(now.minus(duration));
  }
}
