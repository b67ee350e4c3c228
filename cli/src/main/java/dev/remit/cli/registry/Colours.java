package dev.remit.cli.registry;

import dev.remit.cli.Terminal;

/// Colours a line when a person sits in front of the terminal, and leaves it alone otherwise.
final class Colours {
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String RED = "31";

  private final boolean on;

  Colours(Terminal terminal) {
    this.on = terminal.interactive() && terminal.variable("NO_COLOR").isEmpty();
  }

  String added(String text) {
    return in(GREEN, text);
  }

  String changed(String text) {
    return in(YELLOW, text);
  }

  String removed(String text) {
    return in(RED, text);
  }

  private String in(String colour, String text) {
    return on ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }
}
