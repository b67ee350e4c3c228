package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A class of this module as a process of its own, which prints the port that it listens on.
record ChildProcess(Process process, int port) implements AutoCloseable {

  /// Starts `main` and waits for its port.
  ///
  /// @param options options of Java
  static ChildProcess start(Class<?> main, List<String> options, String... arguments)
      throws IOException {
    var command = command(main, options);
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var line = reader.readLine();
    if (line == null) {
      throw new IOException(main.getSimpleName() + " of the benchmark did not start");
    }
    return new ChildProcess(process, Integer.parseInt(line));
  }

  static List<String> command(Class<?> main, List<String> options) {
    var command = new ArrayList<>(List.of(Home.java()));
    command.addAll(options);
    command.addAll(Home.ownClasses());
    command.add(main.getName());
    return command;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
