package dev.remit.server.decisions;

import java.util.ArrayList;
import java.util.List;

/// Cuts a Cedar text into its statements, so that each can be named and its errors placed. Knows no
/// grammar: only that `;` ends a statement unless it stands in a string or a comment.
final class Statements {

  private Statements() {}

  /// One statement.
  ///
  /// @param offset where `text` starts in the whole, in characters
  record Statement(int offset, String text) {}

  static List<Statement> of(String cedar) {
    var found = new ArrayList<Statement>();
    int start = 0;
    int i = 0;
    while (i < cedar.length()) {
      int quiet = afterQuietPart(cedar, i);
      if (quiet > i) {
        i = quiet;
      } else if (cedar.charAt(i) == ';') {
        found.add(new Statement(start, cedar.substring(start, i + 1)));
        i++;
        start = i;
      } else {
        i++;
      }
    }
    if (hasCode(cedar.substring(start))) {
      found.add(new Statement(start, cedar.substring(start)));
    }
    return found;
  }

  /// Returns where the string or the comment ends that begins at `at`; `at` where none does.
  static int afterQuietPart(String cedar, int at) {
    if (cedar.charAt(at) == '"') {
      return afterString(cedar, at);
    }
    return cedar.startsWith("//", at) ? afterLine(cedar, at) : at;
  }

  private static int afterString(String cedar, int quote) {
    int i = quote + 1;
    while (i < cedar.length() && cedar.charAt(i) != '"') {
      i += cedar.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i + 1, cedar.length());
  }

  private static int afterLine(String cedar, int from) {
    int end = cedar.indexOf('\n', from);
    return end < 0 ? cedar.length() : end + 1;
  }

  private static boolean hasCode(String rest) {
    return rest.lines().map(String::strip).anyMatch(l -> !l.isEmpty() && !l.startsWith("//"));
  }
}
