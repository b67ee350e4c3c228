package dev.remit.cli.registry;

import dev.remit.cli.Output;
import dev.remit.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says what applying manifests would change, and changes nothing.
@Command(
    name = "plan",
    header = "Show what applying manifests would change.",
    description = {
      "Reads the manifests, holds them to every rule, and lists what would be created (+),",
      "updated (~) and retired (-). Nothing is changed.",
      "",
      "Exit codes: 0 nothing to change, 1 error, 2 there are changes."
    })
public final class PlanCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Output output;
  @Mixin private final ManifestFiles files = new ManifestFiles();

  public PlanCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    return Planning.run(terminal, output, files.body(terminal), false);
  }
}
