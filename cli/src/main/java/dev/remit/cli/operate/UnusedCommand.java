package dev.remit.cli.operate;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// What was granted and is not used.
@Command(
    name = "unused",
    header = "List the tools that grants name and nobody has called.",
    description = {
      "Looks at the newest recorded decisions of the server that is asked. A call counts however it",
      "was decided. Narrow a grant by applying its manifest without the tools that it does not need.",
    })
final class UnusedCommand extends ServerCommand {
  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How many of the newest decisions are looked at (default: 100000).")
  private int last;

  UnusedCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var report = server().get("/v1/grants/unused?last=" + last);
    tell(report, out -> print(report, out));
    return 0;
  }

  private static void print(JsonNode report, PrintWriter out) {
    out.println(
        "%d grants name tools that were not called in %,d decisions since %s."
            .formatted(
                report.path("grants").asInt(0),
                report.path("decisions").asLong(0),
                report.path("since").asString("")));
    if (report.path("items").isEmpty()) {
      return;
    }
    out.println();
    var table = new Table("GRANT", "IDENTITY", "RESOURCE", "UNUSED", "OF", "WHICH");
    for (var item : report.path("items")) {
      table.row(
          item.path("grant").asString(""),
          item.path("identity").asString(""),
          item.path("resource").asString(""),
          Integer.toString(item.path("unused").size()),
          item.path("tools").asString(""),
          item.path("unused")
              .valueStream()
              .map(JsonNode::stringValue)
              .collect(Collectors.joining(", ")));
    }
    table.print(out);
  }
}
