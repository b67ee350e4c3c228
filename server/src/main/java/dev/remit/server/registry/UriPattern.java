package dev.remit.server.registry;

import java.util.Locale;

/// Names resource URIs: exact text in which each `*` stands for any characters.
///
/// A URI that hides where it leads (a `.` or `..` segment, plain or percent-encoded, or a
/// backslash) is matched by no pattern that has a `*`, so `file:///data/*` never reaches
/// `file:///data/../etc`.
public record UriPattern(String value) {

  public UriPattern {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a URI pattern is not empty");
    }
  }

  public boolean matches(String uri) {
    if (value.indexOf('*') < 0) {
      return value.equals(uri);
    }
    return !hidesItsPath(uri) && matchesFrom(uri);
  }

  /// Greedy from the left, so cost is linear in both lengths times the number of stars at worst.
  private boolean matchesFrom(String uri) {
    var parts = value.split("\\*", -1);
    if (!uri.startsWith(parts[0])) {
      return false;
    }
    int at = parts[0].length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = uri.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    var last = parts[parts.length - 1];
    return uri.length() - last.length() >= at && uri.endsWith(last);
  }

  private static boolean hidesItsPath(String uri) {
    var plain =
        uri.toLowerCase(Locale.ROOT)
            .replace("%25", "%")
            .replace("%2e", ".")
            .replace("%2f", "/")
            .replace("%5c", "\\");
    if (plain.indexOf('\\') >= 0) {
      return true;
    }
    for (var segment : plain.split("[/?#]", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return value;
  }
}
