package dev.remit.server.inspection;

/// Sets of ASCII characters, as tables.
@SuppressWarnings("ImmutableEnumChecker") // filled once, and never handed out
enum Alphabet {
  DIGITS("0-9"),
  HEX("0-9a-fA-F"),
  BASE32("A-Z2-7"),
  CROCKFORD("0-9a-hjkmnp-tv-z"),
  BASE62("0-9A-Za-z"),
  WORD("0-9A-Za-z_"),
  URL64("0-9A-Za-z_-"),
  BASE64("0-9A-Za-z+/"),
  ANY64("0-9A-Za-z+/_-"),
  TOKEN("0-9A-Za-z._~+/=-"),
  /// What a URL may contain, its delimiters included.
  URL("0-9A-Za-z%._~+/=:@&?#!$'()*,;-");

  private final boolean[] has = new boolean[128];

  Alphabet(String ranges) {
    for (int i = 0; i < ranges.length(); i++) {
      char from = ranges.charAt(i);
      boolean isRange = i + 2 < ranges.length() && ranges.charAt(i + 1) == '-';
      char to = isRange ? ranges.charAt(i + 2) : from;
      for (char c = from; c <= to; c++) {
        has[c] = true;
      }
      i += isRange ? 2 : 0;
    }
  }

  boolean has(byte b) {
    return b >= 0 && has[b];
  }

  /// Returns the end of the run of these characters that begins at `from`, at most `max` further.
  int run(byte[] text, int from, int to, int max) {
    int end = from;
    int limit = (int) Math.min(to, (long) from + max);
    while (end < limit && has(text[end])) {
      end++;
    }
    return end;
  }
}
