package dev.remit.server.inspection;

import java.util.Arrays;

/// Undoes JSON's escapes in the bytes of a whole message, so that it can be looked at as one text:
/// quotes end words, and no tree is built.
final class JsonText {
  private JsonText() {}

  /// Returns `json` itself where nothing is escaped.
  static byte[] unescaped(byte[] json) {
    int first = 0;
    while (first < json.length && json[first] != '\\') {
      first++;
    }
    if (first == json.length) {
      return json;
    }
    var out = new byte[json.length];
    System.arraycopy(json, 0, out, 0, first);
    int n = first;
    for (int i = first; i < json.length; i++) {
      if (json[i] != '\\' || i + 1 == json.length) {
        out[n++] = json[i];
        continue;
      }
      byte escape = json[++i];
      int unit = escape == 'u' ? unit(json, i + 1) : -1;
      if (unit >= 0) {
        i += 4;
        int low =
            isHigh(unit) && i + 2 < json.length && json[i + 1] == '\\' ? unit(json, i + 3) : -1;
        if (low >= 0 && Character.isLowSurrogate((char) low)) {
          n = utf8(Character.toCodePoint((char) unit, (char) low), out, n);
          i += 6;
        } else {
          n = utf8(unit, out, n);
        }
      } else {
        out[n++] = meant(escape);
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static boolean isHigh(int unit) {
    return Character.isHighSurrogate((char) unit);
  }

  private static byte meant(byte escape) {
    return switch (escape) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> escape;
    };
  }

  private static int unit(byte[] json, int from) {
    if (from + 4 > json.length) {
      return -1;
    }
    int unit = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(json[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = (unit << 4) | digit;
    }
    return unit;
  }

  /// Never longer than the escape was: six bytes for one unit.
  private static int utf8(int point, byte[] out, int at) {
    int n = at;
    if (point < 0x80) {
      out[n++] = (byte) point;
    } else if (point < 0x800) {
      out[n++] = (byte) (0xC0 | (point >> 6));
      out[n++] = (byte) (0x80 | (point & 63));
    } else if (point < 0x10000) {
      out[n++] = (byte) (0xE0 | (point >> 12));
      out[n++] = (byte) (0x80 | ((point >> 6) & 63));
      out[n++] = (byte) (0x80 | (point & 63));
    } else {
      out[n++] = (byte) (0xF0 | (point >> 18));
      out[n++] = (byte) (0x80 | ((point >> 12) & 63));
      out[n++] = (byte) (0x80 | ((point >> 6) & 63));
      out[n++] = (byte) (0x80 | (point & 63));
    }
    return n;
  }
}
