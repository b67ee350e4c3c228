package dev.remit.server.inspection;

import dev.remit.kernel.identity.SecretKind;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Recognises values without keeping them: of each, its length, a rolling hash of its first
/// [#WINDOW] bytes under a random base, and an HMAC of the whole. A window that fits is only a
/// reason to compute the HMAC; that decides.
///
/// Base and key are random and of this process only, and nothing of it is stored. The values cannot
/// be had back from it, except that 64 bits are told of the first bytes to whoever reads this
/// memory, and who can do that can read the master key.
///
/// Immutable. Shorter values than [#WINDOW] bytes are not taken: they would be found by chance.
final class KnownValues {
  /// Shortest value that is recognised, in bytes.
  static final int WINDOW = 12;

  private static final int BITS = 16;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Key KEY = Key.fresh();

  private final long[] bitmap = new long[1 << (BITS - 6)];
  private final List<Known> all;

  /// @param base odd
  /// @param leaving `base` to the power of [#WINDOW] less one: the first byte's factor
  private record Key(long base, long leaving, SecretKeySpec mac) {

    static Key fresh() {
      long base = RANDOM.nextLong() | 1;
      long leaving = 1;
      for (int i = 0; i < WINDOW - 1; i++) {
        leaving *= base;
      }
      var bytes = new byte[32];
      RANDOM.nextBytes(bytes);
      return new Key(base, leaving, new SecretKeySpec(bytes, "HmacSHA256"));
    }
  }

  KnownValues(Collection<Known> known) {
    this.all = List.copyOf(known);
    for (var one : all) {
      int slot = slot(one.window());
      bitmap[slot >>> 6] |= 1L << slot;
    }
  }

  /// Returns what is kept of `value`.
  ///
  /// @throws IllegalArgumentException if it is too short
  static Known of(SecretKind kind, String what, byte[] value) {
    if (value.length < WINDOW) {
      throw new IllegalArgumentException("a value of less than " + WINDOW + " bytes");
    }
    long hash = 0;
    for (int i = 0; i < WINDOW; i++) {
      hash = hash * KEY.base + value[i];
    }
    return new Known(kind, what, value.length, hash, mac(value, 0, value.length));
  }

  /// Adds what is found in `text` to `found`.
  ///
  /// @return where a value may begin of which the end is not there yet; `to` if nowhere
  int find(byte[] text, int from, int to, List<Exposure> found) {
    if (all.isEmpty() || to - from < WINDOW) {
      return all.isEmpty() ? to : from;
    }
    long base = KEY.base;
    long leaving = KEY.leaving;
    long[] bits = bitmap;
    int last = to - WINDOW;
    int open = last + 1;
    long hash = 0;
    for (int i = from; i < from + WINDOW - 1; i++) {
      hash = hash * base + text[i];
    }
    for (int start = from; start <= last; start++) {
      hash = hash * base + text[start + WINDOW - 1];
      int slot = slot(hash);
      if ((bits[slot >>> 6] & (1L << slot)) != 0) {
        open = Math.min(open, hit(text, start, to, hash, found));
      }
      // The first byte of this window, which is one factor short of having left.
      hash -= leaving * text[start];
    }
    return open;
  }

  private int hit(byte[] text, int start, int to, long hash, List<Exposure> found) {
    int open = to;
    for (var one : all) {
      if (one.window() != hash) {
        continue;
      }
      if (start + one.length() > to) {
        open = start;
      } else if (MessageDigest.isEqual(one.mac(), mac(text, start, one.length()))) {
        found.add(new Exposure(one.kind(), one.what(), start, start + one.length(), false));
      }
    }
    return open;
  }

  private static int slot(long hash) {
    return (int) ((hash * 0x9E3779B97F4A7C15L) >>> (64 - BITS));
  }

  private static byte[] mac(byte[] text, int from, int length) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(KEY.mac);
      mac.update(text, from, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every platform has HMAC-SHA-256", e);
    }
  }
}
