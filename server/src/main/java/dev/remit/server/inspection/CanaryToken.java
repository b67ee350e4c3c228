package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.zip.CRC32;

/// The value of a planted canary: `rcny_`, 26 random characters of Crockford base 32 (130 bits) and
/// 6 that check them (the low 30 bits of their CRC-32). So one is recognised even where nobody
/// knows it any more, and never by chance.
final class CanaryToken {
  static final String PREFIX = "rcny_";
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int RANDOM = 26;
  private static final int LENGTH = RANDOM + 6;

  private CanaryToken() {}

  static String fresh(SecureRandom random) {
    var bytes = new byte[RANDOM];
    random.nextBytes(bytes);
    var out = new StringBuilder(PREFIX);
    for (byte b : bytes) {
      out.append(DIGITS.charAt(b & 31));
    }
    var body = out.substring(PREFIX.length()).getBytes(US_ASCII);
    return out.append(check(body, 0)).toString();
  }

  /// @param from after the prefix
  static int end(byte[] text, int from, int to) {
    int end = Alphabet.CROCKFORD.run(text, from, to, LENGTH + 1);
    if (end - from != LENGTH) {
      return -1;
    }
    var said = new String(text, from + RANDOM, LENGTH - RANDOM, US_ASCII);
    return said.equals(check(text, from)) ? end : -1;
  }

  private static String check(byte[] text, int from) {
    var crc = new CRC32();
    crc.update(text, from, RANDOM);
    long rest = crc.getValue();
    var out = new StringBuilder();
    for (int i = 0; i < LENGTH - RANDOM; i++) {
      out.append(DIGITS.charAt((int) (rest & 31)));
      rest >>>= 5;
    }
    return out.toString();
  }
}
