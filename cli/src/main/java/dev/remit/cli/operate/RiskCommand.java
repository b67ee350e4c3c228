package dev.remit.cli.operate;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// How much harm each workflow could do, and why.
@Command(
    name = "risk",
    header = "Rank workflows by what they could do, and say why.",
    description = {
      "The riskiest first: that is the order in which to roll controls out. Composed from what is",
      "declared: data, tools, autonomy and models within reach. No label lowers it.",
    })
public final class RiskCommand extends ServerCommand {
  @Option(
      names = "--workflow",
      paramLabel = "NAME",
      description = "Only this one, with every reason and the rows that it comes from.")
  private String workflow = "";

  public RiskCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var query = workflow.isEmpty() ? "" : "?workflow=" + Segment.of(workflow);
    var list = server().get("/v1/risk" + query);
    tell(
        list,
        out -> {
          table(list.path("items")).print(out);
          if (!workflow.isEmpty()) {
            list.path("items").forEach(item -> reasons(item, out));
          }
        });
    return 0;
  }

  private static Table table(JsonNode items) {
    var table = new Table("WORKFLOW", "RISK", "SCORE", "STAGE", "BECAUSE");
    for (var item : items) {
      table.row(
          item.path("workflow").asString(""),
          item.path("risk").asString(""),
          item.path("score").asString(""),
          item.path("stage").asString(""),
          item.at("/reasons/0/says").asString(""));
    }
    return table;
  }

  private static void reasons(JsonNode item, PrintWriter out) {
    for (var reason : item.path("reasons")) {
      var least = reason.path("atLeast").asString("");
      out.println(
          "  %3s  %s%s"
              .formatted(
                  reason.path("points").asString(""),
                  reason.path("says").asString(""),
                  least.isEmpty() ? "" : " (at least " + least + ")"));
      var rows = reason.path("rows").valueStream().map(row -> row.asString("")).toList();
      out.println("       from " + String.join(", ", rows));
    }
  }
}
