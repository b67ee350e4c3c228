package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// A command that is run with what a task was given.
final class Child {
  private static final int INTERRUPTED = 130;

  private Child() {}

  /// Runs it and returns its exit status.
  static int run(List<String> command, Map<String, String> variables) {
    try {
      var builder = new ProcessBuilder(command).inheritIO();
      builder.environment().putAll(variables);
      return builder.start().waitFor();
    } catch (IOException e) {
      throw new CommandFailed(
          "`" + command.getFirst() + "` cannot be started: " + e.getMessage(),
          "check its name, or give its whole path",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return INTERRUPTED;
    }
  }
}
