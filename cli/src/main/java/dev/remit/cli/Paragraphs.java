package dev.remit.cli;

import java.util.ArrayList;
import java.util.Arrays;

/// Joins the lines of a description into paragraphs, so that they are broken where the terminal
/// ends. A blank line ends a paragraph; a line that begins with a blank stays by itself.
final class Paragraphs {

  private Paragraphs() {}

  static String[] of(String... lines) {
    var paragraphs = new ArrayList<String>();
    boolean open = false;
    for (var line : Arrays.asList(lines)) {
      boolean prose = !line.isBlank() && !line.startsWith(" ");
      if (prose && open) {
        paragraphs.set(paragraphs.size() - 1, paragraphs.getLast() + " " + line);
      } else {
        paragraphs.add(line);
      }
      open = prose;
    }
    return paragraphs.toArray(String[]::new);
  }
}
