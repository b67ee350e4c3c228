package dev.remit.cli.operate;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What the controls of a workflow cost, and what they bring.
@Command(
    name = "measures",
    header = "Show what a workflow's controls cost, and what they bring.",
    description = {
      "Counted from the ledger: waiting, refusals and renewals on one side; what was stopped, what is",
      "out of reach and how good the evidence is on the other. A figure without a value had nothing",
      "to count in the period.",
    })
public final class MeasuresCommand extends ServerCommand {
  @Parameters(paramLabel = "WORKFLOW", description = "The workflow.")
  private String workflow = "";

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "How far back, 1 to 366.",
      defaultValue = "30",
      showDefaultValue = Visibility.ALWAYS)
  private int days = 30;

  public MeasuresCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var found = server().get("/v1/workflows/" + Segment.of(workflow) + "/measures?days=" + days);
    tell(found, out -> print(found, out));
    return 0;
  }

  private static void print(JsonNode found, PrintWriter out) {
    out.println(
        "%s, %s to %s: %s entries"
            .formatted(
                found.path("workflow").asString(""),
                found.path("from").asString(""),
                found.path("until").asString(""),
                found.path("entries").asString("")));
    for (var balance : found.path("balances")) {
      out.println();
      out.println(balance.path("asks").asString(""));
      balance.path("costs").forEach(figure -> print("costs", figure, out));
      balance.path("brings").forEach(figure -> print("brings", figure, out));
    }
  }

  private static void print(String side, JsonNode figure, PrintWriter out) {
    var value =
        figure.has("value")
            ? figure.path("value").asString("") + " " + figure.path("unit").asString("")
            : "nothing to count";
    out.println("  %-6s %-28s %s".formatted(side, value, figure.path("says").asString("")));
  }
}
