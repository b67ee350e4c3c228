package dev.remit.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// A command that asks the server and tells what it answers, in the format that `-o` says.
public abstract class ServerCommand implements Callable<Integer> {
  protected final Terminal terminal;

  @Mixin private final Output output;

  protected ServerCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  /// The server that the terminal names.
  protected final RemitClient server() {
    return RemitClient.of(terminal);
  }

  /// Prints `answer`; `table` writes it for people.
  protected final void tell(JsonNode answer, Consumer<PrintWriter> table) {
    output.print(answer, table);
  }

  /// Prints `answer`; `table` writes it for people.
  protected final void tell(JsonNode answer, BiConsumer<JsonNode, PrintWriter> table) {
    output.print(answer, out -> table.accept(answer, out));
  }
}
