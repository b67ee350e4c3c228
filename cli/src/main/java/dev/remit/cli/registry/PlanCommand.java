package dev.remit.cli.registry;

import dev.remit.cli.Output;
import dev.remit.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says what applying manifests would change, and changes nothing.
@Command(
    name = "plan",
    header = "Show what applying manifests would change.",
    description = {
      "Reads the manifests, holds them to every rule, and lists what would be created (+),",
      "updated (~) and retired (-). Nothing is changed.",
      "",
      "Where something would change, the newest recorded decisions are made again by the proposed",
      "policies, and those that would differ are listed by their cause. Facts are those recorded;",
      "identities, tools and workflows are those proposed.",
      "",
      "Exit codes: 0 nothing to change, 1 error, 2 there are changes."
    })
public final class PlanCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Output output;
  @Mixin private final ManifestFiles files = new ManifestFiles();

  @Option(
      names = "--replay",
      paramLabel = "N",
      description =
          "How many of the newest recorded decisions to make again (default: 1,000, as the server"
              + " is configured); 0 makes none.")
  private int replay = -1;

  public PlanCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var body = files.body(terminal);
    if (replay >= 0) {
      body.put("replay", replay);
    }
    return Planning.run(terminal, output, body, false);
  }
}
