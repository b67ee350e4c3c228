package dev.remit.server.inspection;

import java.util.ArrayList;
import java.util.List;

/// Finds secrets in one text, in one pass over its bytes; then in what of it is encoded.
///
/// Pure and immutable. A format counts only where a word begins, hyphens included, so that nothing
/// is found in the middle of a longer one, and no text makes it slow; a value that is known counts
/// anywhere. What is encoded once is looked into as far as [Encodings] says.
final class Scanner {
  /// Knows formats only.
  static final Scanner OF_FORMATS = new Scanner(new KnownValues(List.of()));

  /// Shortest run that is worth decoding: [KnownValues#WINDOW] bytes in base64.
  private static final int ENCODED_MIN = 16;

  /// What a byte is: inside of a word, of an encoding, the first of a format, a sign of its own.
  private static final int INNER = 1;

  private static final int CODE = 2;
  private static final int FIRST = 4;
  private static final int SIGN = 8;
  private static final byte[] CLASSES = classes();

  private final KnownValues known;

  Scanner(KnownValues known) {
    this.known = known;
  }

  private static byte[] classes() {
    var classes = new byte[256];
    for (int b = 0; b < 128; b++) {
      int is = Alphabet.WORD.has((byte) b) || b == '-' ? INNER : 0;
      is |= Alphabet.ANY64.has((byte) b) ? CODE : 0;
      is |= Formats.beginningWith((byte) b).length > 0 ? FIRST : 0;
      is |= b == ':' || b == '%' ? SIGN : 0;
      classes[b] = (byte) is;
    }
    return classes;
  }

  /// Whether a byte is inside of a word.
  static boolean isInner(byte b) {
    return (CLASSES[b & 0xFF] & INNER) != 0;
  }

  KnownValues known() {
    return known;
  }

  Exposed scan(byte[] text) {
    return scan(text, 0, text.length);
  }

  Exposed scan(byte[] text, int from, int to) {
    var found = new ArrayList<Exposure>(0);
    known.find(text, from, to, found);
    boolean hasPercent = plain(text, from, to, true, found);
    if (hasPercent) {
      Encodings.percent(text, from, to, this, found);
    }
    return found.isEmpty() ? Exposed.NONE : Exposed.of(found);
  }

  /// The same without looking into what is encoded.
  void decoded(byte[] text, List<Exposure> found) {
    known.find(text, 0, text.length, found);
    plain(text, 0, text.length, false, found);
  }

  /// @return whether there are percent signs
  private boolean plain(byte[] text, int from, int to, boolean alsoEncoded, List<Exposure> found) {
    byte[] classes = CLASSES;
    boolean hasPercent = false;
    boolean inWord = false;
    int run = from;
    for (int i = from; i < to; i++) {
      int is = classes[text[i] & 0xFF];
      if ((is & FIRST) != 0 && !inWord) {
        begun(text, i, to, found);
      }
      if ((is & SIGN) != 0) {
        hasPercent |= text[i] == '%';
        if (text[i] == ':' && i + 2 < to && text[i + 1] == '/' && text[i + 2] == '/') {
          ConnectionStrings.find(text, from, i, to, found);
        }
      }
      inWord = (is & INNER) != 0;
      if ((is & CODE) == 0) {
        if (alsoEncoded && i - run >= ENCODED_MIN) {
          Encodings.run(text, run, i, this, found);
        }
        run = i + 1;
      }
    }
    if (alsoEncoded && to - run >= ENCODED_MIN) {
      Encodings.run(text, run, to, this, found);
    }
    return hasPercent;
  }

  private static void begun(byte[] text, int at, int to, List<Exposure> found) {
    for (var format : Formats.beginningWith(text[at])) {
      if (format.begins(text, at, to)) {
        format(format, text, at, to, found);
      }
    }
  }

  private static void format(
      Formats.Format format, byte[] text, int at, int to, List<Exposure> found) {
    int secret = at + format.prefix().length;
    int end = format.rest().end(text, secret, to);
    if (end >= 0) {
      int start = format.keepsPrefix() ? secret : at;
      found.add(new Exposure(format.kind(), format.what(), start, end, false));
    }
  }
}
