package dev.remit.cli;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The option `-o` that every command with an answer shares; use it as a `@Mixin`.
///
/// `table` is for people and may change; `json` and `yaml` carry the server's answer whole.
public final class Output {
  /// How an answer is printed.
  public enum Format {
    JSON,
    YAML,
    TABLE
  }

  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("json", "yaml", "table").iterator();
    }
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      defaultValue = "table",
      description = "How to print the answer: json, yaml or table (the default).")
  private Format format = Format.TABLE;

  private final Terminal terminal;

  public Output(Terminal terminal) {
    this.terminal = terminal;
  }

  public Format format() {
    return format;
  }

  /// Prints `answer` in the asked format; `table` writes it for people.
  public void print(JsonNode answer, Consumer<PrintWriter> table) {
    switch (format) {
      case JSON -> terminal.out().println(pretty(answer));
      case YAML -> terminal.out().print(Yaml.text(answer));
      case TABLE -> table.accept(terminal.out());
    }
    terminal.out().flush();
  }

  private static String pretty(JsonNode answer) {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(answer);
  }
}
