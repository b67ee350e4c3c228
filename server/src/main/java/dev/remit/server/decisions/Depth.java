package dev.remit.server.decisions;

import java.util.Optional;

/// Whether a statement is shallow enough to be parsed. cedar-java's parser is native and descends
/// into what it reads: a text made for that overflows its stack, which ends the whole process and
/// not only the plan. So this is asked first.
///
/// Counts brackets, operators and dots outside of strings and comments, and knows no grammar. The
/// three together bound how deep any expression of the statement can be, however it is written.
final class Depth {
  static final int BRACKETS_MAX = 200;
  static final int OPERATORS_MAX = 1_000;
  static final int DOTS_MAX = 4_000;

  private final String text;
  private int brackets;
  private int operators;
  private int dots;

  private Depth(String text) {
    this.text = text;
  }

  /// Where and how a statement goes beyond a bound.
  ///
  /// @param offset in characters
  record Excess(int offset, String message) {}

  static Optional<Excess> excess(String statement) {
    return new Depth(statement).excess();
  }

  private Optional<Excess> excess() {
    int i = 0;
    while (i < text.length()) {
      int next = Statements.afterQuietPart(text, i);
      if (next > i) {
        i = next;
        continue;
      }
      count(i);
      if (brackets > BRACKETS_MAX) {
        return Optional.of(new Excess(i, "brackets nest deeper than " + BRACKETS_MAX));
      }
      if (operators > OPERATORS_MAX) {
        return Optional.of(
            new Excess(i, "one statement has more than " + OPERATORS_MAX + " operators"));
      }
      if (dots > DOTS_MAX) {
        return Optional.of(new Excess(i, "one statement has more than " + DOTS_MAX + " dots"));
      }
      i++;
    }
    return Optional.empty();
  }

  private void count(int at) {
    switch (text.charAt(at)) {
      case '(', '[', '{' -> brackets++;
      case ')', ']', '}' -> brackets--;
      case '.' -> dots++;
      case '+', '-', '*', '!' -> operators++;
      // Each of these is written twice.
      case '&', '|' -> operators += startsPair(at) ? 1 : 0;
      case 'i' -> operators += isIf(at) ? 1 : 0;
      default -> {}
    }
  }

  private boolean startsPair(int at) {
    return at + 1 < text.length() && text.charAt(at + 1) == text.charAt(at);
  }

  private boolean isIf(int at) {
    return text.startsWith("if", at) && !isWord(at - 1) && !isWord(at + 2);
  }

  private boolean isWord(int at) {
    return at >= 0
        && at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_');
  }
}
