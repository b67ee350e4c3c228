package dev.remit.server.notifications;

import java.util.regex.Pattern;

/// Text of others made harmless: one bounded line in which nothing steers and nothing can be
/// clicked, whatever shows it.
///
/// Mail programs and chats make links of whatever looks like an address, also in text that they
/// otherwise leave alone; so what looks like one is broken in the way in which security people
/// write bad addresses: `http[:]//evil[.]example`, `someone[@]example[.]org`.
final class Plain {
  private static final Pattern SCHEME = Pattern.compile(":(?=//)|(?<=\\b(?i:mailto|tel)):");
  private static final Pattern DOT = Pattern.compile("(?<=[\\p{L}\\p{N}])\\.(?=[\\p{L}\\p{N}])");

  private Plain() {}

  /// Returns `text` as one line of `max` characters at most, with everything that steers shown as
  /// its code point. Of our own words and of names, which have a grammar.
  static String line(String text, int max) {
    var line = new StringBuilder();
    text.codePoints().limit(max + 1L).forEach(point -> show(point, line));
    int end = line.offsetByCodePoints(0, Math.min(max, line.codePointCount(0, line.length())));
    return end == line.length() ? line.toString() : line.substring(0, end) + "…";
  }

  /// Returns the same of what somebody else has chosen, with every address broken.
  static String quoted(String text, int max) {
    var scheme = SCHEME.matcher(line(text, max)).replaceAll("[:]");
    var dots = DOT.matcher(scheme).replaceAll("[.]");
    return "“" + dots.replace("@", "[@]").replace("{{", "{ {").replace('”', '"') + "”";
  }

  private static void show(int point, StringBuilder out) {
    if (point == '\n' || point == '\t' || point == '\r') {
      out.append(' ');
      return;
    }
    switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          out.append("U+%04X".formatted(point));
      default -> out.appendCodePoint(point);
    }
  }
}
