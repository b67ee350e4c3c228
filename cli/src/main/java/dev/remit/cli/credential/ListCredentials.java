package dev.remit.cli.credential;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lists credentials.
@Command(
    name = "list",
    header = "List the credentials and certificates that are not gone, newest first.",
    description = {
      "`stuck` is one that should be gone and cannot be taken away: `remit findings` says why."
    })
final class ListCredentials extends ServerCommand {
  @Option(names = "--all", description = "Also those that are gone.")
  private boolean all;

  @Option(names = "--task", paramLabel = "ID", description = "Only those of a task.")
  private String task = "";

  @Option(names = "--resource", paramLabel = "NAME", description = "Only those of a database.")
  private String resource = "";

  ListCredentials(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var list =
        server()
            .get(
                "/v1/credentials?limit=1000&state="
                    + (all ? "all" : "open")
                    + (task.isEmpty() ? "" : "&task=" + Segment.of(task))
                    + (resource.isEmpty() ? "" : "&resource=" + Segment.of(resource)));
    tell(list, out -> print(list.path("credentials"), out));
    return 0;
  }

  private void print(JsonNode credentials, PrintWriter out) {
    if (credentials.isEmpty()) {
      out.println(all ? "There is no such credential." : "No such credential is out.");
      return;
    }
    var table = new Table("ID", "KIND", "STATE", "IDENTITY", "RESOURCE", "PROFILE", "UNTIL", "WHY");
    for (var one : credentials) {
      table.row(
          one.path("id").asString(""),
          one.path("kind").asString(""),
          one.path("state").asString(""),
          one.path("identity").asString(""),
          one.path("resource").asString(""),
          one.path("profile").asString(""),
          one.path("endedAt").asString(one.path("expiresAt").asString("")),
          one.path("lastError").asString(one.path("reason").asString("")));
    }
    table.print(out);
  }
}
