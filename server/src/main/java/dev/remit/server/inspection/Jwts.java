package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;

/// Signed JWTs, and what follows `Basic`: base64 whose content tells what it is.
final class Jwts {
  private static final int HEADER_MAX = 2_048;
  private static final int SIGNATURE_MIN = 20;

  private Jwts() {}

  /// @param from after `eyJ`, which is `{"` in base64
  static int end(byte[] text, int from, int to) {
    int first = Alphabet.URL64.run(text, from, to, HEADER_MAX);
    if (first >= to || text[first] != '.' || !hasAlgorithm(text, from - 3, first)) {
      return -1;
    }
    int second = Alphabet.URL64.run(text, first + 1, to, Formats.LENGTH_MAX);
    if (second >= to || text[second] != '.' || second - first < 3) {
      return -1;
    }
    int end = Alphabet.URL64.run(text, second + 1, to, HEADER_MAX);
    return end - second - 1 >= SIGNATURE_MIN ? end : -1;
  }

  private static boolean hasAlgorithm(byte[] text, int from, int end) {
    try {
      var header = Base64.getUrlDecoder().decode(Arrays.copyOfRange(text, from, end));
      return new String(header, UTF_8).contains("\"alg\"");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// Name and password, as RFC 7617 has it.
  static int basic(byte[] text, int from, int to) {
    int end = Alphabet.BASE64.run(text, from, to, HEADER_MAX);
    int padded = end;
    while (padded < to && padded - end < 2 && text[padded] == '=') {
      padded++;
    }
    if (end - from < 8) {
      return -1;
    }
    try {
      var decoded = Base64.getDecoder().decode(Arrays.copyOfRange(text, from, padded));
      var said = new String(decoded, US_ASCII);
      int colon = said.indexOf(':');
      boolean isPrintable = said.chars().allMatch(c -> c >= ' ' && c < 127);
      return isPrintable && colon > 0 && said.length() - colon > 4 ? padded : -1;
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }
}
