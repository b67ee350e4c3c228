package dev.remit.cli.policy;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Says what a policy in shadow would have changed.
@Command(
    name = "shadow",
    header = "Say what a policy in shadow would have changed.",
    description = {
      "A policy with `mode: shadow` is tried on each decision and changes none. This counts the",
      "recorded decisions that it would have changed, by who asked for what. Look at one with",
      "`remit explain ID`."
    })
final class PolicyShadowCommand extends ServerCommand {
  @Parameters(paramLabel = "NAME", description = "The policy's name.")
  private String name = "";

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many of the newest decisions are looked at (default: 10000).")
  private int last;

  PolicyShadowCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var report = server().get("/v1/policies/" + Segment.of(name) + "/shadow?last=" + last);
    tell(report, out -> print(report, out));
    return 0;
  }

  private static void print(JsonNode report, PrintWriter out) {
    int changed = report.path("changed").asInt(0);
    out.println(
        "`"
            + report.path("policy").asString("")
            + "` ("
            + report.path("mode").asString("")
            + ") would have changed "
            + changed
            + " of "
            + report.path("decisions").asInt(0)
            + " decisions.");
    if (changed == 0) {
      return;
    }
    out.println();
    var table = new Table("COUNT", "WAS", "WOULD BE", "IDENTITY", "TARGET", "LAST");
    for (var group : report.path("groups")) {
      table.row(
          Integer.toString(group.path("count").asInt(0)),
          text(group, "was"),
          text(group, "would"),
          text(group, "identity"),
          target(text(group, "resource"), text(group, "tool")),
          text(group, "last"));
    }
    table.print(out);
  }

  /// Tools are named with their resource, prompts and addresses without.
  private static String target(String resource, String tool) {
    return tool.startsWith(resource + "/") ? tool : resource + "/" + tool;
  }

  private static String text(JsonNode group, String member) {
    return group.path(member).asString("");
  }
}
