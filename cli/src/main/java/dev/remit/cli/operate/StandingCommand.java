package dev.remit.cli.operate;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// Shows what is stopped.
@Command(
    name = "standing",
    header = "List what is suspended, why, and who asks to resume it.",
    description = {"`remit resume KIND NAME --agree` agrees to what somebody else has asked for."})
public final class StandingCommand extends ServerCommand {
  public StandingCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var standings = server().get("/v1/standings");
    tell(standings, out -> print(standings.path("suspended"), out));
    return 0;
  }

  private static void print(JsonNode suspended, PrintWriter out) {
    if (suspended.isEmpty()) {
      out.println("Nothing is suspended.");
      return;
    }
    var table = new Table("KIND", "NAME", "SINCE", "BY", "REASON", "ASKED TO RESUME");
    for (var one : suspended) {
      var asked = one.path("resumption");
      table.row(
          one.path("kind").asString(""),
          one.path("name").asString(""),
          one.path("since").asString(""),
          one.path("by").asString(""),
          one.path("reason").asString(""),
          asked.isMissingNode()
              ? ""
              : asked.path("requestedBy").asString("") + ": " + asked.path("reason").asString(""));
    }
    table.print(out);
  }
}
