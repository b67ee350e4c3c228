package dev.remit.kernel.policy;

import java.util.List;

/// The pattern of a `like`: literal parts, between any two of which anything may stand.
///
/// Matching looks for each part from the left, once; nothing is tried twice, so no pattern can be
/// built to be slow.
///
/// @param parts at least one; the first must start the text and the last must end it, and either
///   may be empty
record Wildcard(List<String> parts) {

  Wildcard {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a pattern has at least one part");
    }
  }

  boolean matches(String text) {
    var first = parts.getFirst();
    if (parts.size() == 1) {
      return text.equals(first);
    }
    var last = parts.getLast();
    int end = text.length() - last.length();
    int at = first.length();
    if (at > end || !text.startsWith(first) || !text.endsWith(last)) {
      return false;
    }
    for (var part : parts.subList(1, parts.size() - 1)) {
      int found = text.indexOf(part, at);
      if (found < 0 || found + part.length() > end) {
        return false;
      }
      at = found + part.length();
    }
    return true;
  }
}
