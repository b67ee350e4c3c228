package dev.remit.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Says whether a server answers, and whether it is ready.
@Command(
    name = "status",
    header = "Say whether the server answers and is ready.",
    description = {
      "Asks the server at REMIT_ADDR for its readiness and prints what it says. To people who are",
      "known it also says how deciding stands and whether anything looks wrong.",
      "Exit code 0 when it is ready, 1 when it is not or cannot be reached."
    })
final class StatusCommand extends ServerCommand {
  StatusCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var client = server();
    var answer = (ObjectNode) client.get("/readyz");
    if (client.hasToken()) {
      try {
        answer.setAll((ObjectNode) client.get("/v1/status"));
      } catch (ServerProblem e) {
        terminal.err().println("more is shown to people only: " + e.getMessage());
      }
    }
    tell(answer, out -> print(client, answer, out));
    return 0;
  }

  private static void print(RemitClient client, JsonNode answer, PrintWriter out) {
    out.println(client.address() + " " + answer.path("status").asString("ready"));
    if (answer.path("engine").isMissingNode()) {
      return;
    }
    if (answer.path("enforcement").asString("").equals("observe")) {
      out.println(
          "  POLICY IS NOT ENFORCED until %s: see `remit enforcement`"
              .formatted(answer.path("notEnforcedUntil").asString("")));
    }
    var opinions = answer.path("secondOpinions");
    out.println("  policies  " + answer.path("policies").asString());
    out.println("  engine    " + answer.path("engine").asString());
    out.println(
        "  engines   %,d second opinions of the other engine, %,d differ; %,d dropped"
            .formatted(
                opinions.path("compared").asLong(),
                opinions.path("different").asLong(),
                opinions.path("dropped").asLong()));
    long findings = answer.path("findings").asLong();
    out.println("  findings  " + findings + (findings == 0 ? "" : ": see `remit findings`"));
  }
}
