package dev.remit.cli.operate;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// Which secrets stand for too much.
@Command(
    name = "shared",
    header = "List the secrets that several workloads, environments or servers share.",
    description = {
      "Agents never see these secrets, and Remit tells the agents apart. The server behind it cannot:",
      "it sees one caller (attribution), whom nobody can stop alone (revocation), and who may do what",
      "any of them may (scope). `environments` and `places`: who runs one can use it at the other.",
      "`lifetime`: nobody has replaced it for 90 days. Give each workload a resource and a secret of",
      "its own, or a database with credentials for one task.",
    })
final class SharedCommand extends ServerCommand {
  SharedCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var report = server().get("/v1/secrets/shared");
    tell(report, out -> print(report.path("items"), out));
    return 0;
  }

  private static void print(JsonNode items, PrintWriter out) {
    if (items.isEmpty()) {
      out.println("No secret stands for more than one workload, environment or server.");
      return;
    }
    var table = new Table("SECRET", "STORED", "RESOURCES", "IDENTITIES", "BREAKS");
    for (var item : items) {
      table.row(
          item.path("secret").asString(""),
          item.path("storedAt").asString(""),
          words(item.path("resources")),
          words(item.path("identities")),
          words(item.path("breaks")));
    }
    table.print(out);
  }

  private static String words(JsonNode array) {
    return array.valueStream().map(JsonNode::stringValue).collect(Collectors.joining(", "));
  }
}
