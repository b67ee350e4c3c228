package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What looks wrong, and being done with it.
@Command(
    name = "findings",
    header = "List what looks wrong; close what somebody is done with.",
    description = {
      "Lists the findings that are open, the most recently seen first: how bad, who must act, how",
      "often it was seen. What was closed and is seen again is raised anew.",
    })
public final class FindingsCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/findings";

  @Option(names = "--closed", description = "List those that are closed too.")
  private boolean closed;

  public FindingsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "close", new Close(terminal),
        "shared", new SharedCommand(terminal),
        "unused", new UnusedCommand(terminal));
  }

  @Override
  public Integer call() {
    var list = server().get(PATH + (closed ? "?closed=true" : ""));
    tell(list, out -> table(list.path("items")).print(out));
    return 0;
  }

  /// Returns the table that `remit get findings` prints too.
  public static Table table(JsonNode items) {
    var table = new Table("ID", "SEVERITY", "KIND", "TIMES", "SEEN", "FOR", "CLOSED BY", "WHAT");
    for (var item : items) {
      table.row(
          item.path("id").asString(),
          item.path("severity").asString(),
          item.path("kind").asString(),
          item.path("times").asString(""),
          item.path("seenAt").asString(),
          item.path("role").asString(),
          item.at("/closed/by").asString(""),
          item.path("summary").asString());
    }
    return table;
  }

  /// `remit findings close`.
  @Command(
      name = "close",
      header = "Say that you are done with a finding.",
      description = {
        "Needs the role owner or security. The reason is recorded; if the same is seen again, it is",
        "raised anew.",
      })
  private static final class Close extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "Which one, as `remit findings` shows it.")
    private String id = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "What was done about it, or why nothing has to be; it is recorded.")
    private String reason = "";

    Close(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode().put("reason", reason);
      var finding = server().post(PATH + "/" + Segment.of(id) + "/close", body);
      tell(finding, out -> out.println("closed: " + finding.path("summary").asString("")));
      return 0;
    }
  }
}
