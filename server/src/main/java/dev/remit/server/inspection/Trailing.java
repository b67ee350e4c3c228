package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Says of a text that is still being written which part at its end may yet become a secret.
///
/// That is: the beginning of a value that is known; a word that begins as a format does, has a sign
/// of an address, an assignment or an encoding in it, or is long enough to be encoded; what
/// announces one (`Bearer`, `aws_secret_access_key =`); and a private key until its end. An
/// ordinary word is none of that, so it need not wait for the next.
final class Trailing {
  /// A word of fewer characters is not held back for being encoded, perhaps.
  static final int PLAIN_MAX = 12;

  private static final int LEADING_MAX = 3;
  private static final byte[] BEGIN = "-----BEGIN ".getBytes(US_ASCII);
  private static final byte[] END = "-----END".getBytes(US_ASCII);
  private static final byte[] DASHES = "-----".getBytes(US_ASCII);
  private static final byte[] ADDRESS = "://".getBytes(US_ASCII);
  private static final List<String> ANNOUNCING =
      List.of("bearer", "basic", "secret_access_key", "secretaccesskey");

  private Trailing() {}

  /// Returns where it begins; the text's length if there is none.
  static int open(byte[] text, KnownValues known) {
    int n = text.length;
    int word = word(text, n);
    int open = isSuspicious(text, word, n) ? word : n;
    open = Math.min(open, known.open(text, word));
    open = Math.min(open, privateKey(text));
    return announced(text, open < n ? word(text, open) : n, open);
  }

  /// Returns from where on what has passed matters for what follows it at `end`.
  static int context(byte[] text, int end) {
    return Math.min(word(text, end), Math.max(0, end - KnownValues.WINDOW));
  }

  private static boolean isSuspicious(byte[] text, int from, int end) {
    if (end - from >= PLAIN_MAX) {
      return true;
    }
    boolean inWord = false;
    for (int i = from; i < end; i++) {
      if (text[i] == ':' || text[i] == '%' || text[i] == '=') {
        return true;
      }
      if (!inWord && mayBegin(text, i, end)) {
        return true;
      }
      inWord = Scanner.isInner(text[i]);
    }
    return false;
  }

  /// Whether what stands there is a format's beginning, or the beginning of that.
  private static boolean mayBegin(byte[] text, int at, int end) {
    for (var format : Formats.beginningWith(text[at])) {
      var prefix = format.prefix();
      int told = Math.min(prefix.length, end - at);
      if (Arrays.equals(text, at, at + told, prefix, 0, told)) {
        return true;
      }
    }
    return false;
  }

  /// Returns where the word that ends at `end` begins. In an address only what cannot be part of
  /// one ends a word.
  private static int word(byte[] text, int end) {
    int start = end;
    while (start > 0 && !isGap(text[start - 1])) {
      start--;
    }
    if (indexOf(text, ADDRESS, start, end) >= 0) {
      return start;
    }
    for (int i = end; i > start; i--) {
      if (isSoftGap(text[i - 1])) {
        return i;
      }
    }
    return start;
  }

  private static boolean isGap(byte b) {
    return b <= ' ' || "\"'<>[]{}`\\".indexOf(b) >= 0;
  }

  private static boolean isSoftGap(byte b) {
    return ",;()|".indexOf(b) >= 0;
  }

  /// Returns where what announces the word at `word` begins, or `open` where nothing does.
  private static int announced(byte[] text, int word, int open) {
    int at = word;
    for (int i = 0; i < LEADING_MAX; i++) {
      int end = at;
      while (end > 0 && (isGap(text[end - 1]) || isSoftGap(text[end - 1]))) {
        end--;
      }
      int start = word(text, end);
      int bare = end;
      while (bare > start && (text[bare - 1] == ':' || text[bare - 1] == '=')) {
        bare--;
      }
      if (announces(text, start, bare)) {
        return Math.min(open, start);
      }
      if (start == end || bare > start) {
        return open;
      }
      at = start;
    }
    return open;
  }

  private static boolean announces(byte[] text, int start, int end) {
    if (end - start < 5 || end - start > 64) {
      return false;
    }
    var said = new String(text, start, end - start, US_ASCII).toLowerCase(Locale.ROOT);
    return ANNOUNCING.stream().anyMatch(said::endsWith);
  }

  private static int privateKey(byte[] text) {
    int n = text.length;
    int begin = lastIndexOf(text, BEGIN);
    if (begin < 0 || n - begin > Watch.HELD_MAX) {
      return n;
    }
    int end = lastIndexOf(text, END);
    boolean closed = end > begin && indexOf(text, DASHES, end + END.length, n) >= 0;
    return closed ? n : begin;
  }

  private static int lastIndexOf(byte[] text, byte[] what) {
    for (int at = text.length - what.length; at >= 0; at--) {
      if (text[at] == what[0] && Arrays.equals(text, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }

  private static int indexOf(byte[] text, byte[] what, int from, int end) {
    for (int at = from; at + what.length <= end; at++) {
      if (text[at] == what[0] && Arrays.equals(text, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }
}
