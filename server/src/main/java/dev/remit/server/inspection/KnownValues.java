package dev.remit.server.inspection;

import dev.remit.kernel.identity.SecretKind;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Recognises values without keeping them: of each, its length, a rolling hash of its first
/// [#WINDOW] bytes under a random base, and an HMAC of the whole. A window that fits is only a
/// reason to compute the HMAC; that decides.
///
/// Beginnings of fewer bytes are kept as hashes too, so that of a text that comes in pieces only
/// what may go on to be a value has to wait. Base and key are random and of this process only, and
/// nothing of it is stored. The values cannot be had back from it, except that their first bytes
/// can be guessed by whoever reads this memory, and who can do that can read the master key.
///
/// Immutable. Shorter values than [#WINDOW] bytes are not taken: they would be found by chance.
final class KnownValues {
  /// Shortest value that is recognised, in bytes.
  static final int WINDOW = 12;

  /// See [#open].
  static final int BEGINNING_MIN = 4;

  private static final int BITS = 16;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Key KEY = Key.fresh();

  private final long[] bitmap = new long[1 << (BITS - 6)];
  private final Set<Long> beginnings = new HashSet<>();
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
      for (long beginning : one.beginnings()) {
        beginnings.add(beginning);
      }
    }
  }

  /// Returns what is kept of `value`.
  ///
  /// @throws IllegalArgumentException if it is too short
  static Known of(SecretKind kind, String what, byte[] value) {
    if (value.length < WINDOW) {
      throw new IllegalArgumentException("a value of less than " + WINDOW + " bytes");
    }
    var beginnings = new long[WINDOW - 1];
    long hash = 0;
    for (int i = 0; i < WINDOW - 1; i++) {
      hash = hash * KEY.base + value[i];
      beginnings[i] = of(hash, i + 1);
    }
    hash = hash * KEY.base + value[WINDOW - 1];
    return new Known(kind, what, value.length, hash, beginnings, mac(value, 0, value.length));
  }

  /// The hash of a beginning, told apart by its length.
  private static long of(long hash, int length) {
    return hash * KEY.base + 256 + length;
  }

  /// Returns where a value may begin of which the end is not there yet; the text's length if
  /// nowhere. Of a value that begins in the middle of a word, the first [#BEGINNING_MIN] bytes may
  /// be there before it counts: else every other letter would be one's beginning.
  ///
  /// @param word where the last word begins
  int open(byte[] text, int word) {
    int n = text.length;
    int open = find(text, 0, n, new ArrayList<>(0));
    for (int start = Math.max(0, n - WINDOW + 1); start < n && start < open; start++) {
      if (n - start >= (start == word ? 1 : BEGINNING_MIN) && isBeginning(text, start, n)) {
        return start;
      }
    }
    return open;
  }

  private boolean isBeginning(byte[] text, int start, int end) {
    long hash = 0;
    for (int i = start; i < end; i++) {
      hash = hash * KEY.base + text[i];
    }
    return beginnings.contains(of(hash, end - start));
  }

  /// Adds what is found in `text` to `found`.
  ///
  /// @return where a value has begun, for at least [#WINDOW] bytes, of which the end is not there
  ///   yet; `to` if nowhere
  int find(byte[] text, int from, int to, List<Exposure> found) {
    if (all.isEmpty() || to - from < WINDOW) {
      return to;
    }
    long base = KEY.base;
    long leaving = KEY.leaving;
    long[] bits = bitmap;
    int last = to - WINDOW;
    int open = to;
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
