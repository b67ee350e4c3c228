package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.SecondPerson;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The way for people at three in the morning.
@Command(
    name = "break-glass",
    header = "Let a few calls go on whatever policy says, with a second person; review it.",
    description = {
      "For one identity or workflow, at one tool or resource, for minutes. It lifts what policy",
      "denies or holds and nothing else: suspensions, grants and the scope of tasks hold, and every",
      "call is recorded. Security, the owner and the escalation contact hear of it at once, and",
      "somebody who had no part in it reviews it afterwards.",
      "Without more it lists what glass was broken, newest first.",
    })
public final class BreakGlassCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/emergencies";

  public BreakGlassCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "request", new Request(terminal),
        "approve", new Approve(terminal),
        "end", new End(terminal),
        "review", new Review(terminal));
  }

  @Override
  public Integer call() {
    var list = server().get(PATH);
    tell(
        list,
        out -> {
          table(list.path("items")).print(out);
          out.println(list.path("open").asString("0") + " open now");
        });
    return 0;
  }

  private static Table table(JsonNode items) {
    var table =
        new Table(
            "ID",
            "STATE",
            "FOR",
            "AT",
            "CALLS",
            "UNTIL",
            "ASKED BY",
            "AGREED BY",
            "REVIEWED",
            "WHY");
    for (var item : items) {
      table.row(
          item.path("id").asString(""),
          item.path("state").asString(""),
          item.path("identity").asString(item.path("workflow").asString("")),
          item.path("tool").asString(item.path("resource").asString("")),
          item.path("used").asString("0") + "/" + item.path("calls").asString(""),
          item.path("expiresAt").asString(""),
          item.path("requestedBy").asString(""),
          item.path("answeredBy").asString(""),
          reviewed(item),
          item.path("reason").asString(""));
    }
    return table;
  }

  private static String reviewed(JsonNode item) {
    if (item.has("reviewedBy")) {
      return (item.path("justified").asBoolean(false) ? "justified, " : "NOT justified, ")
          + item.path("reviewedBy").asString("");
    }
    var due = item.path("reviewBy").asString("");
    return due.isEmpty() ? "" : (item.path("overdue").asBoolean(false) ? "LATE: " : "by ") + due;
  }

  /// For whom: one of them.
  static final class Whom {
    @Option(names = "--identity", paramLabel = "NAME", description = "For this identity alone.")
    private String identity = "";

    @Option(
        names = "--workflow",
        paramLabel = "NAME",
        description = "For every identity of this workflow.")
    private String workflow = "";
  }

  /// Where: one of them.
  static final class Where {
    @Option(names = "--tool", paramLabel = "RESOURCE/TOOL", description = "For this tool alone.")
    private String tool = "";

    @Option(
        names = "--resource",
        paramLabel = "NAME",
        description = "For every tool of this resource.")
    private String resource = "";
  }

  /// Asks.
  @Command(name = "request", header = "Ask that some calls go on whatever policy says.")
  static final class Request extends ServerCommand {
    @ArgGroup(multiplicity = "1")
    private Whom whom = new Whom();

    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    @Option(
        names = "--calls",
        paramLabel = "N",
        defaultValue = "1",
        description = "How many calls; by default one.")
    private int calls;

    @Option(
        names = "--for",
        paramLabel = "DURATION",
        defaultValue = "",
        description = "How long, such as PT15M; by default as long as the server allows.")
    private String lasts = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "What the emergency is; it is recorded.")
    private String reason = "";

    Request(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode().put("calls", calls).put("reason", reason);
      for (var said :
          Map.of(
                  "identity", whom.identity,
                  "workflow", whom.workflow,
                  "tool", where.tool,
                  "resource", where.resource,
                  "for", lasts)
              .entrySet()) {
        if (!said.getValue().isEmpty()) {
          body.put(said.getKey(), said.getValue());
        }
      }
      var asked = server().post(PATH, body);
      tell(
          asked,
          out ->
              out.println(
                  asked.path("holds").asBoolean(false)
                      ? "GLASS IS BROKEN until " + asked.path("expiresAt").asString("")
                      : "Somebody else: remit break-glass approve "
                          + asked.path("id").asString("")));
      return 0;
    }
  }

  /// Agrees.
  @Command(name = "approve", header = SecondPerson.HEADER)
  static final class Approve extends SecondPerson {
    @Parameters(paramLabel = "ID", description = "As `remit break-glass` lists it.")
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
                      ? "GLASS IS BROKEN until " + said.path("expiresAt").asString("")
                      : "policy holds"));
      return 0;
    }
  }

  /// Ends it.
  @Command(name = "end", header = "Have policy hold again at once; one person is enough.")
  static final class End extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "As `remit break-glass` lists it.")
    private String id = "";

    End(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var said = server().delete(PATH + "/" + Segment.of(id));
      tell(said, out -> out.println("policy holds"));
      return 0;
    }
  }

  /// Reviews it.
  @Command(
      name = "review",
      header = "Say afterwards, having had no part in it, whether it was justified.")
  static final class Review extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "As `remit break-glass` lists it.")
    private String id = "";

    @Option(names = "--not-justified", description = "It was not justified.")
    private boolean unjustified;

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "What you found; it is recorded.")
    private String reason = "";

    Review(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body =
          JsonMapper.shared()
              .createObjectNode()
              .put("justified", !unjustified)
              .put("reason", reason);
      var said = server().post(PATH + "/" + Segment.of(id) + "/review", body);
      tell(said, out -> out.println("reviewed; its findings are closed"));
      return 0;
    }
  }
}
