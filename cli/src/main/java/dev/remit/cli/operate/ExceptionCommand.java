package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.CommandGroup;
import dev.remit.cli.SecondPerson;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The one way to accept a risk.
@Command(
    name = "exception",
    header = "Accept a finding for a while, with a second person; list what is accepted.",
    description = {
      "Nothing else accepts a risk: closing a finding says that it was dealt with. An exception",
      "ends by itself. Without more it lists them, newest first.",
    })
public final class ExceptionCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/exceptions";

  public ExceptionCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "request", new Request(terminal),
        "approve", new Approve(terminal),
        "end", new End(terminal));
  }

  @Override
  public Integer call() {
    tell(server().get(PATH), ExceptionCommand::show);
    return 0;
  }

  private static void show(JsonNode list, PrintWriter out) {
    table(list.path("items")).print(out);
    out.println(list.path("accepted").asString("0") + " findings are accepted now");
  }

  private static Table table(JsonNode items) {
    var table =
        new Table("ID", "STATE", "UNTIL", "ASKED BY", "AGREED BY", "FINDING", "ABOUT", "WHY");
    for (var item : items) {
      table.row(
          item.path("id").asString(""),
          item.path("state").asString(""),
          item.path("expiresAt").asString(""),
          item.path("requestedBy").asString(""),
          item.path("answeredBy").asString(""),
          item.path("finding").asString(""),
          item.path("subject").asString(""),
          item.path("reason").asString(""));
    }
    return table;
  }

  /// Asks.
  @Command(name = "request", header = "Ask that a finding be accepted for a while.")
  static final class Request extends ServerCommand {
    @Parameters(paramLabel = "FINDING", description = "As `remit findings` shows it.")
    private String finding = "";

    @Option(
        names = "--days",
        required = true,
        paramLabel = "N",
        description = "How long; at most as the server is configured (90).")
    private int days;

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why it may be accepted, and what bounds the harm; it is recorded.")
    private String reason = "";

    Request(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      if (days < 1) {
        throw new CommandFailed("`" + days + "` days is no time", "say 1 or more");
      }
      var body =
          JsonMapper.shared()
              .createObjectNode()
              .put("finding", finding)
              .put("for", "P" + days + "D")
              .put("reason", reason);
      var asked = server().post(PATH, body);
      tell(
          asked,
          out ->
              out.println(
                  "Somebody else: remit exception approve " + asked.path("id").asString("")));
      return 0;
    }
  }

  /// Agrees.
  @Command(name = "approve", header = SecondPerson.HEADER)
  static final class Approve extends SecondPerson {
    @Parameters(paramLabel = "ID", description = "As `remit exception` lists it.")
    private String id = "";

    Approve(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var said = answer(PATH + "/" + Segment.of(id));
      tell(
          said,
          out ->
              out.println(
                  agrees()
                      ? "it is accepted until " + said.path("expiresAt").asString("")
                      : "it is not accepted"));
      return 0;
    }
  }

  /// Ends it.
  @Command(name = "end", header = "Accept a finding no longer; one person is enough.")
  static final class End extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "As `remit exception` lists it.")
    private String id = "";

    End(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      tell(server().delete(PATH + "/" + Segment.of(id)), ExceptionCommand::show);
      return 0;
    }
  }
}
