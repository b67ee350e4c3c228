package dev.remit.server.inspection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Looks into what is encoded once: base64 (either alphabet), hex, percent encoding.
///
/// Bounds: of one run the first [#RUN_MAX] bytes, of a text in percent encoding the first
/// [#TEXT_MAX]. A run of up to [#SHIFTED_MAX] bytes is also read from its second, third and fourth
/// character on, since what stands before a secret may be of the same alphabet. What is encoded
/// twice, compressed or encrypted is not found.
final class Encodings {
  static final int RUN_MAX = 64 * 1024;
  static final int TEXT_MAX = 256 * 1024;
  static final int SHIFTED_MAX = 1_024;

  private static final byte[] VALUE = values();

  private Encodings() {}

  private static byte[] values() {
    var values = new byte[128];
    Arrays.fill(values, (byte) -1);
    var digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < digits.length(); i++) {
      values[digits.charAt(i)] = (byte) i;
    }
    values['-'] = 62;
    values['_'] = 63;
    return values;
  }

  /// Looks into one run of base64 characters.
  static void run(byte[] text, int from, int end, Scanner scanner, List<Exposure> found) {
    int to = Math.min(end, from + RUN_MAX);
    boolean isShort = to - from <= SHIFTED_MAX;
    var inside = new ArrayList<Exposure>(0);
    if (Alphabet.HEX.run(text, from, to, RUN_MAX) == to) {
      scanner.decoded(hex(text, from, to), inside);
      if (isShort) {
        scanner.decoded(hex(text, from + 1, to), inside);
      }
    }
    for (int shift = 0; shift < (isShort ? 4 : 1) && inside.isEmpty(); shift++) {
      scanner.decoded(base64(text, from + shift, to), inside);
    }
    for (var one : inside) {
      found.add(one.at(from, end));
    }
  }

  private static byte[] base64(byte[] text, int from, int to) {
    int n = to - from;
    var out = new byte[n * 3 / 4];
    int at = 0;
    int bits = 0;
    int held = 0;
    for (int i = from; i < to && at < out.length; i++) {
      bits = (bits << 6) | VALUE[text[i]];
      held += 6;
      if (held >= 8) {
        held -= 8;
        out[at++] = (byte) (bits >>> held);
      }
    }
    return out;
  }

  private static byte[] hex(byte[] text, int from, int to) {
    var out = new byte[(to - from) / 2];
    for (int i = 0; i < out.length; i++) {
      int high = Character.digit(text[from + 2 * i], 16);
      out[i] = (byte) ((high << 4) | Character.digit(text[from + 2 * i + 1], 16));
    }
    return out;
  }

  /// Looks into a text of which parts are percent encoded.
  static void percent(byte[] text, int from, int end, Scanner scanner, List<Exposure> found) {
    int to = Math.min(end, from + TEXT_MAX);
    var out = new byte[to - from];
    var origin = new int[to - from + 1];
    int n = 0;
    boolean any = false;
    for (int i = from; i < to; i++) {
      origin[n] = i;
      boolean isEscape = text[i] == '%' && i + 2 < to && isHex(text[i + 1]) && isHex(text[i + 2]);
      if (isEscape) {
        out[n++] =
            (byte) ((Character.digit(text[i + 1], 16) << 4) | Character.digit(text[i + 2], 16));
        i += 2;
        any = true;
      } else {
        out[n++] = text[i];
      }
    }
    if (!any) {
      return;
    }
    origin[n] = to;
    var inside = new ArrayList<Exposure>(0);
    scanner.decoded(Arrays.copyOf(out, n), inside);
    for (var one : inside) {
      found.add(one.at(origin[one.start()], origin[one.end()]));
    }
  }

  private static boolean isHex(byte b) {
    return Alphabet.HEX.has(b);
  }
}
