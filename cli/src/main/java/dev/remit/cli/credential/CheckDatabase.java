package dev.remit.cli.credential;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Says whether a database is fit.
@Command(
    name = "check",
    header = "Say whether a database is fit to issue credentials of, and what to mend.",
    description = {"Exit status 1 if it is not."})
final class CheckDatabase extends ServerCommand {
  @Parameters(paramLabel = "RESOURCE", description = "The database, by its name.")
  private String resource = "";

  CheckDatabase(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var found =
        server()
            .post(
                "/v1/databases/" + Segment.of(resource) + "/check",
                JsonMapper.shared().createObjectNode());
    tell(found, out -> print(found, out));
    return found.path("fit").asBoolean(false) ? 0 : 1;
  }

  private static void print(JsonNode found, PrintWriter out) {
    for (var one : found.path("checks")) {
      boolean well = one.path("well").asBoolean(false);
      out.println((well ? "ok     " : "WRONG  ") + one.path("what").asString(""));
      if (!well) {
        out.println("       " + one.path("problem").asString(""));
      }
    }
  }
}
