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

  private final KnownValues known;

  Scanner(KnownValues known) {
    this.known = known;
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
    boolean hasPercent = false;
    boolean inWord = false;
    int run = from;
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (!inWord) {
        for (var format : Formats.beginningWith(b)) {
          if (format.begins(text, i, to)) {
            format(format, text, i, to, found);
          }
        }
      }
      if (b == ':' && i + 2 < to && text[i + 1] == '/' && text[i + 2] == '/') {
        ConnectionStrings.find(text, from, i, to, found);
      }
      hasPercent |= b == '%';
      inWord = Alphabet.WORD.has(b) || b == '-';
      if (alsoEncoded && !Alphabet.ANY64.has(b)) {
        if (i - run >= ENCODED_MIN) {
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
