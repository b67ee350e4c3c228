package dev.remit.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A terminal whose output can be read, in a directory of its own.
public final class TestTerminal {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private final Path directory;
  private String input = "";

  public TestTerminal(Path directory) {
    this.directory = directory;
    environment.put("HOME", directory.toString());
    environment.put("REMIT_HOME", directory.resolve("home").toString());
    environment.put("USER", "anna");
  }

  public TestTerminal with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public TestTerminal typing(String text) {
    input = text;
    return this;
  }

  /// Runs a command in this process.
  public int run(String... args) {
    var terminal =
        new Terminal(
            environment,
            directory,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new ByteArrayOutputStream(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false);
    return Main.run(terminal, args);
  }

  public String out() {
    return out.toString();
  }

  public String err() {
    return err.toString();
  }
}
