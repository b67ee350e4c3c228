package dev.remit.kernel.identity;

import java.security.SecureRandom;
import java.time.Instant;

/// The one grammar for ids that Remit mints: a prefix that says what the id names, then 26
/// characters of Crockford base 32, 48 bits of milliseconds followed by 80 random bits.
///
/// Ids therefore sort by time, fit into a URL or a header, and cannot be guessed. Source: the ULID
/// specification.
final class Ids {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 26;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  static String fresh(String prefix, Instant now) {
    var out = new char[LENGTH];
    long millis = now.toEpochMilli();
    for (int i = 9; i >= 0; i--) {
      out[i] = DIGITS.charAt((int) (millis & 31));
      millis >>>= 5;
    }
    var random = new byte[16];
    RANDOM.nextBytes(random);
    for (int i = 0; i < 16; i++) {
      out[10 + i] = DIGITS.charAt(random[i] & 31);
    }
    return prefix + new String(out);
  }

  /// Returns `value` if it is `prefix` and a body of the right form.
  ///
  /// @throws IllegalArgumentException naming what was expected
  static String checked(String prefix, String value) {
    if (!value.startsWith(prefix) || !isBody(value, prefix.length())) {
      throw new IllegalArgumentException(
          "`" + value + "` is not an id of the form " + prefix + "… with 26 characters");
    }
    return value;
  }

  /// Without a pattern, since each governed call checks several ids.
  private static boolean isBody(String value, int from) {
    if (value.length() != from + LENGTH) {
      return false;
    }
    for (int i = from; i < value.length(); i++) {
      if (DIGITS.indexOf(value.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
