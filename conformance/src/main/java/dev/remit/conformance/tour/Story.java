package dev.remit.conformance.tour;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Tells the tour on a terminal, and remembers what did not happen as told.
final class Story {
  private final PrintStream out;
  private final List<String> broken = new ArrayList<>();
  private int chapter;

  Story(PrintStream out) {
    this.out = out;
  }

  void chapter(String title) {
    out.println();
    out.println(++chapter + ". " + title);
  }

  void says(String line) {
    line.lines().forEach(each -> out.println("   " + each));
  }

  /// Shows what somebody typed.
  void types(String command) {
    out.println("   $ " + command);
  }

  /// Shows a claim and whether it holds.
  void claims(String claim, boolean holds) {
    out.println((holds ? "   ✓ " : "   ✗ ") + claim);
    if (!holds) {
      broken.add(claim);
    }
  }

  /// What did not hold; empty if all did.
  List<String> broken() {
    return List.copyOf(broken);
  }
}
