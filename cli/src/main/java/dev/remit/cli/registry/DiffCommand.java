package dev.remit.cli.registry;

import dev.remit.cli.Output;
import dev.remit.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says value by value how manifests differ from what is declared.
@Command(
    name = "diff",
    header = "Show value by value how manifests differ from what is declared.",
    description = {
      "Like plan, with every value that differs. Nothing is changed.",
      "",
      "Exit codes: 0 no difference, 1 error, 2 there are differences."
    })
public final class DiffCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Output output;
  @Mixin private final ManifestFiles files = new ManifestFiles();

  public DiffCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    return Planning.run(terminal, output, files.body(terminal).put("replay", 0), true);
  }
}
