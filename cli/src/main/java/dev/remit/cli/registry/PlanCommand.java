package dev.remit.cli.registry;

import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;
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
public final class PlanCommand extends Planning {
  @Option(
      names = "--replay",
      paramLabel = "N",
      description =
          "How many of the newest recorded decisions to make again (default: 1,000, as the server"
              + " is configured); 0 makes none.")
  private int replay = -1;

  public PlanCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var body = body();
    if (replay >= 0) {
      body.put("replay", replay);
    }
    return run(body, false);
  }
}
