package dev.remit.cli.init;

import dev.remit.cli.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fills in what clients write as `${…}`: variables of the environment and places, but not what
/// only the client's user can answer.
///
/// `${env:NAME}`, `${NAME}` and `${NAME:-default}` come from this process's environment;
/// `${workspaceFolder}` is the project, `${userHome}` the home directory. `${input:ID}` cannot be
/// known here.
final class Placeholders {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  private final Terminal terminal;
  private final Optional<Path> project;

  Placeholders(Terminal terminal, Optional<Path> project) {
    this.terminal = terminal;
    this.project = project;
  }

  /// Something that has no value here.
  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown(String why) {
      super(why);
    }
  }

  static boolean isIn(String text) {
    return PLACEHOLDER.matcher(text).find();
  }

  /// @throws Unknown saying what is missing and how to give it
  String filled(String text) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1))));
  }

  private String value(String name) {
    if (name.startsWith("input:")) {
      var id = name.substring("input:".length());
      return terminal
          .variable(
              "REMIT_INPUT_"
                  + id.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT))
          .orElseThrow(() -> new Unknown(unansweredInput(id)));
    }
    return switch (name) {
      case "workspaceFolder", "workspaceRoot" ->
          project.map(Path::toString).orElseThrow(() -> new Unknown("there is no project here"));
      case "userHome" -> terminal.home().toString();
      case "pathSeparator", "/" -> java.io.File.separator;
      default -> variable(name.startsWith("env:") ? name.substring("env:".length()) : name);
    };
  }

  private static String unansweredInput(String id) {
    return "it asks its user for `${input:"
        + id
        + "}`, which Remit cannot; run this again with the value in the environment variable"
        + " REMIT_INPUT_"
        + id.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT);
  }

  private String variable(String name) {
    var parts = name.split(":-", 2);
    var otherwise = parts.length == 2 ? Optional.of(parts[1]) : Optional.<String>empty();
    return terminal
        .variable(parts[0])
        .or(() -> otherwise)
        .orElseThrow(() ->
            new Unknown(
                "it needs the environment variable `" + parts[0] + "`, which is not set here"));
  }
}
