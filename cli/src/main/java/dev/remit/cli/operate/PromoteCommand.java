package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Reason;
import dev.remit.cli.SecondPerson;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.ServerProblem;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The way of a pilot into production, and back.
@Command(
    name = "promote",
    header = "Bring a pilot into production, on proofs and with a second person; or back.",
    description = {
      "`gate` computes from the live log what stands between a workflow and production, each item",
      "with its evidence and the next step. When all are met, `request` asks, and somebody else",
      "`approve`s. What decays afterwards is a finding first, and then demotes.",
      "Without more it lists who asked for what.",
    })
public final class PromoteCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/promotions";

  public PromoteCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "gate", new Gate(terminal),
        "request", new Request(terminal),
        "approve", new Approve(terminal),
        "exercise", new Exercise(terminal),
        "demote", new Demote(terminal));
  }

  @Override
  public Integer call() {
    var list = server().get(PATH);
    tell(list, out -> table(list.path("items")).print(out));
    return 0;
  }

  private static Table table(JsonNode items) {
    var table = new Table("ID", "WORKFLOW", "STATE", "ASKED BY", "ANSWERED BY", "ASKED");
    for (var item : items) {
      table.row(
          item.path("id").asString(""),
          item.path("workflow").asString(""),
          item.path("state").asString(""),
          item.path("requestedBy").asString(""),
          item.path("answeredBy").asString(""),
          item.path("requestedAt").asString(""));
    }
    return table;
  }

  private static String path(String workflow, String what) {
    return "/v1/workflows/" + Segment.of(workflow) + "/" + what;
  }

  /// Prints each item, and of those that are not met what to do next.
  private static void print(JsonNode gate, PrintWriter out) {
    for (var item : gate.path("items")) {
      out.println(
          "%-8s %-24s %s"
              .formatted(
                  item.path("verdict").asString(""),
                  item.path("item").asString(""),
                  item.path("says").asString("")));
      var next = item.path("next").asString("");
      if (!next.isEmpty()) {
        out.println("         next: " + next);
      }
    }
    var verdicts = gate.path("verdicts");
    out.println("Access governance: " + verdicts.path("access-governance").asString(""));
    if (verdicts.has("model-safety")) {
      out.println("Model safety:      " + verdicts.path("model-safety").asString(""));
    }
  }

  /// Shows.
  @Command(
      name = "gate",
      header = "Show what stands between a workflow and production.",
      description = "Exit codes: 0 the gate is open, 2 it is shut.")
  static final class Gate extends ServerCommand {
    @Parameters(paramLabel = "WORKFLOW")
    private String workflow = "";

    Gate(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var gate = server().get(path(workflow, "gate"));
      boolean open = gate.path("open").asBoolean(false);
      tell(
          gate,
          out -> {
            print(gate, out);
            var demotes = gate.path("demotesAt").asString("");
            if (!demotes.isEmpty()) {
              out.println("It is demoted at " + demotes + ", unless that is mended.");
            }
            out.println(
                open
                    ? "The gate is open: remit promote request " + workflow + " --reason …"
                    : "The gate is shut.");
          });
      return open ? 0 : 2;
    }
  }

  /// Asks.
  @Command(name = "request", header = "Ask for a pilot to be promoted; the gate must be open.")
  static final class Request extends ServerCommand {
    @Parameters(paramLabel = "WORKFLOW")
    private String workflow = "";

    @Mixin private final Reason reason = new Reason();

    Request(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = reason.in(JsonMapper.shared().createObjectNode().put("workflow", workflow));
      try {
        var asked = server().post(PATH, body);
        tell(
            asked,
            out ->
                out.println("Somebody else: remit promote approve " + id(asked) + " --reason …"));
        return 0;
      } catch (ServerProblem e) {
        print(e.problem(), terminal.err());
        throw e;
      }
    }

    private static String id(JsonNode asked) {
      return asked.path("id").asString("");
    }
  }

  /// Agrees.
  @Command(name = "approve", header = SecondPerson.HEADER)
  static final class Approve extends SecondPerson {
    @Parameters(paramLabel = "ID", description = "Which wish, as `remit promote` lists it.")
    private String id = "";

    @Mixin private final Reason reason = new Reason();

    Approve(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var said = answer(PATH + "/" + Segment.of(id), reason);
      tell(
          said,
          out -> {
            out.println("%s is %s".formatted(said.path("workflow").asString(""), state(said)));
            if (agrees()) {
              out.println(
                  "Write `stage: production` into its manifest and leave `pilotExpires` out.");
            }
          });
      return 0;
    }

    private static String state(JsonNode said) {
      return said.path("state").asString("").equals("agreed") ? "in production" : "still a pilot";
    }
  }

  /// Tries the alarm.
  @Command(
      name = "exercise",
      header = "Widen one grant for a moment, and see whether that raises an alarm.",
      description = {
        "It takes a person with the roles approver and security. Exit codes: 0 an alarm was raised,",
        "2 none was.",
      })
  static final class Exercise extends ServerCommand {
    @Parameters(paramLabel = "WORKFLOW")
    private String workflow = "";

    Exercise(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var done = server().post(path(workflow, "exercise"), JsonMapper.shared().createObjectNode());
      boolean met = done.path("outcome").asString("").equals("met");
      tell(
          done,
          out ->
              out.println(
                  met
                      ? "an alarm was raised after %s ms, and closed again: %s"
                          .formatted(
                              done.path("millis").asString(""), done.path("finding").asString(""))
                      : "NO ALARM was raised when grant `%s` grew"
                          .formatted(done.path("grant").asString(""))));
      return met ? 0 : 2;
    }
  }

  /// Goes back.
  @Command(name = "demote", header = "Make a workflow a pilot again; one person is enough.")
  static final class Demote extends ServerCommand {
    @Parameters(paramLabel = "WORKFLOW")
    private String workflow = "";

    @Mixin private final Reason reason = new Reason();

    Demote(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = reason.body();
      var done = server().post(path(workflow, "demote"), body);
      tell(done, out -> out.println(workflow + " is a pilot again"));
      return 0;
    }
  }
}
