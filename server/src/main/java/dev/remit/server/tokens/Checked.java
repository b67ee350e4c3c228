package dev.remit.server.tokens;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers verified tokens by their SHA-256, so that a signature is checked once. Bounded: two
/// generations, of which the older is dropped when the younger is full.
///
/// Only what verified is remembered; strangers cannot fill it.
final class Checked<T> {
  private final int max;
  private volatile Map<String, T> young = new ConcurrentHashMap<>();
  private volatile Map<String, T> old = Map.of();

  /// @param max the most that is remembered, in both generations together
  Checked(int max) {
    this.max = max;
  }

  /// Returns the name under which a token is remembered: the token itself is not kept.
  static String key(String token) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
      return new String(sha256, ISO_8859_1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  Optional<T> find(String key) {
    var found = young.get(key);
    if (found != null) {
      return Optional.of(found);
    }
    var older = old.get(key);
    if (older != null) {
      put(key, older);
    }
    return Optional.ofNullable(older);
  }

  void put(String key, T value) {
    if (young.size() >= max / 2) {
      turn();
    }
    young.put(key, value);
  }

  private synchronized void turn() {
    if (young.size() >= max / 2) {
      old = young;
      young = new ConcurrentHashMap<>();
    }
  }
}
