package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Private keys in PEM form, whole or cut off; lines may end in a written `\n`, as inside of JSON.
final class PrivateKeys {
  private static final String LABEL = "PRIVATE KEY-----";
  private static final int LABEL_MAX = 48;

  /// Less than that is talk about a key.
  private static final int BODY_MIN = 40;

  private PrivateKeys() {}

  /// @param from after `-----BEGIN `
  static int end(byte[] text, int from, int to) {
    int labelled = find(text, from, Math.min(to, from + LABEL_MAX), LABEL);
    if (labelled < 0) {
      return -1;
    }
    int body = labelled + LABEL.length();
    int end = body;
    int told = 0;
    int limit = Math.min(to, body + Formats.LENGTH_MAX);
    while (end < limit && isOfBody(text, end, limit)) {
      told += Alphabet.BASE64.has(text[end]) ? 1 : 0;
      end++;
    }
    if (told < BODY_MIN) {
      return -1;
    }
    int close = find(text, end, Math.min(to, end + LABEL_MAX + 16), "-----END");
    if (close < 0) {
      return end;
    }
    int closed = find(text, close + 8, Math.min(to, close + LABEL_MAX + 24), "-----");
    return closed < 0 ? end : closed + 5;
  }

  /// Headers of old forms (`Proc-Type: 4,ENCRYPTED`) stand in the body as well.
  private static boolean isOfBody(byte[] text, int at, int limit) {
    byte b = text[at];
    boolean ends = b == '-' && at + 1 < limit && text[at + 1] == '-';
    return !ends && (Alphabet.TOKEN.has(b) || " \t\r\n\\:,".indexOf(b) >= 0);
  }

  private static int find(byte[] text, int from, int to, String what) {
    var wanted = what.getBytes(US_ASCII);
    for (int at = from; at + wanted.length <= to; at++) {
      int i = 0;
      while (i < wanted.length && text[at + i] == wanted[i]) {
        i++;
      }
      if (i == wanted.length) {
        return at;
      }
    }
    return -1;
  }
}
