package dev.remit.cli.credential;

import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Says whether a database is fit.
@Command(
    name = "check",
    header = "Say whether a database is fit to issue credentials of, and what to mend.",
    description = {"Exit status 1 if it is not."})
final class CheckDatabase implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "RESOURCE", description = "The database, by its name.")
  private String resource = "";

  @Mixin private final Output output;

  CheckDatabase(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var found =
        RemitClient.of(terminal)
            .post(
                "/v1/databases/" + Segment.of(resource) + "/check",
                JsonMapper.shared().createObjectNode());
    output.print(found, out -> print(found, out));
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
