package dev.remit.cli.registry;

import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;

/// Says value by value how manifests differ from what is declared.
@Command(
    name = "diff",
    header = "Show value by value how manifests differ from what is declared.",
    description = {
      "Like plan, with every value that differs. Nothing is changed.",
      "",
      "Exit codes: 0 no difference, 1 error, 2 there are differences."
    })
public final class DiffCommand extends Planning {
  public DiffCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    return run(body().put("replay", 0), true);
  }
}
