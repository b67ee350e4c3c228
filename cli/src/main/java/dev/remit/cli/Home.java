package dev.remit.cli;

import java.nio.file.Path;

/// Where this person's keys and receipts are kept.
///
/// Everything is under `REMIT_HOME` if that is set; otherwise where the XDG base directory
/// specification puts configuration and state.
///
/// @param keys one file per identity, readable by its owner only
/// @param receipts one file per task
public record Home(Path keys, Path receipts) {

  public static Home of(Terminal terminal) {
    return terminal
        .variable("REMIT_HOME")
        .map(terminal::resolve)
        .map(home -> new Home(home.resolve("keys"), home.resolve("receipts")))
        .orElseGet(() ->
            new Home(
                base(terminal, "XDG_CONFIG_HOME", ".config").resolve("keys"),
                base(terminal, "XDG_STATE_HOME", ".local/state").resolve("receipts")));
  }

  private static Path base(Terminal terminal, String variable, String otherwise) {
    return terminal
        .variable(variable)
        .map(Path::of)
        .orElseGet(() -> terminal.home().resolve(otherwise))
        .resolve("remit");
  }
}
