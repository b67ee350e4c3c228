package dev.remit.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Everything a command may see of the machine it runs on; tests hand in their own.
///
/// @param environment the environment variables
/// @param directory the working directory; relative paths are resolved against it
/// @param in standard input, as bytes
/// @param rawOut standard output, as bytes, for commands that carry a protocol
/// @param out standard output, as text in UTF-8
/// @param err standard error, as text in UTF-8
/// @param interactive whether a person sits in front of it; only then are colours and prompts used
public record Terminal(
    Map<String, String> environment,
    Path directory,
    InputStream in,
    OutputStream rawOut,
    PrintWriter out,
    PrintWriter err,
    boolean interactive) {

  public Terminal {
    environment = Map.copyOf(environment);
  }

  /// Returns the terminal of this process.
  static Terminal ofProcess() {
    return new Terminal(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        System.in,
        System.out,
        writer(System.out),
        writer(System.err),
        atTerminal());
  }

  /// The console of `java.base`, which JDK 25 went back to, is absent when output is redirected;
  /// that of JLine, in between, was not. This answers for both.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean atTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /// Returns the environment variable `name`, unless it is absent or blank.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /// Returns `path` as seen from the working directory; a leading `~/` is the home directory.
  public Path resolve(String path) {
    return path.startsWith("~/")
        ? home().resolve(path.substring(2))
        : directory.resolve(path).normalize();
  }

  public Path home() {
    return Path.of(variable("HOME").orElseGet(() -> System.getProperty("user.home")));
  }

  boolean colours() {
    return interactive && variable("NO_COLOR").isEmpty();
  }
}
