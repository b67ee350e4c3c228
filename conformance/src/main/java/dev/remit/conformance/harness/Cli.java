package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The operator command, run as a process in a folder of its own.
///
/// @param folder where it runs
/// @param environment what it sees beside this process's own environment
public record Cli(Path folder, Map<String, String> environment) {

  public Cli {
    environment = Map.copyOf(environment);
  }

  /// Returns the command as used against a server by the holder of an operator token, with keys and
  /// receipts kept inside `folder`.
  public static Cli of(Path folder, URI address, String operatorToken) {
    return new Cli(
        folder,
        Map.of(
            "REMIT_ADDR", address.toString(),
            "REMIT_TOKEN", operatorToken,
            "REMIT_HOME", folder.resolve("home").toString()));
  }

  /// Returns the same command with another operator token.
  public Cli as(String operatorToken) {
    var other = new HashMap<>(environment);
    other.put("REMIT_TOKEN", operatorToken);
    return new Cli(folder, other);
  }

  /// Returns the whole command line of `remit` with `arguments`.
  public static List<String> command(List<String> arguments) {
    var command = new ArrayList<>(List.of(Home.java()));
    command.addAll(Rehearsal.cli());
    command.addAll(List.of("-cp", Home.classPath("cli"), "dev.remit.cli.Main"));
    command.addAll(arguments);
    return command;
  }

  /// Runs `remit` with `arguments` and returns what it said.
  public Said run(String... arguments) {
    try {
      var process = builder(List.of(arguments)).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException("run the operator command", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the operator command ran", e);
    }
  }

  /// Prepares a run that goes on beside this program.
  ProcessBuilder builder(List<String> arguments) {
    var builder =
        new ProcessBuilder(command(arguments)).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder;
  }

  /// What one run of the command gave.
  ///
  /// @param status its exit status
  /// @param output standard output and standard error together
  public record Said(int status, String output) {}
}
