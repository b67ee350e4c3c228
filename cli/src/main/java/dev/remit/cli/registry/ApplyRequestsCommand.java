package dev.remit.cli.registry;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Reason;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests to apply manifests that take a second person.
@Command(
    name = "apply-requests",
    header = "See applies that wait for a second person; agree to one or decline it.",
    description = {
      "An apply that touches what a workflow in production rests on is not made by one person: it",
      "waits, and what was planned is made when another one agrees. If anything else changes before",
      "that, it is void.",
    })
public final class ApplyRequestsCommand implements Runnable, CommandGroup {
  private static final String PATH = "/v1/apply-requests";

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public ApplyRequestsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "list", new ListRequests(terminal),
        "show", new Show(terminal),
        "agree", new Agree(terminal),
        "decline", new Decline(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list, show, agree or decline");
  }

  /// Says that something waits, and how to go on.
  static void printWaiting(PrintWriter out, JsonNode waiting) {
    var id = waiting.path("id").asString("");
    out.println("Nothing is changed yet.");
    out.println("  until  " + waiting.path("lapsesAt").asString(""));
    out.println(
        "  next   let another person run: remit apply-requests agree " + id + " --reason TEXT");
  }

  /// `remit apply-requests list`.
  @Command(name = "list", header = "List applies that wait, oldest first.")
  private static final class ListRequests extends ServerCommand {
    @Option(names = "--all", description = "List the newest, settled ones too.")
    private boolean all;

    ListRequests(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var list = server().get(PATH + (all ? "" : "?state=requested"));
      tell(
          list,
          out -> {
            var table = new Table("ID", "STATE", "BY", "CHANGES", "UNTIL", "ANSWERED BY", "WHY");
            list.path("items").forEach(item -> table.row(row(item)));
            if (table.isEmpty()) {
              out.println("No change waits for a second person.");
            } else {
              table.print(out);
            }
          });
      return 0;
    }

    private static String[] row(JsonNode item) {
      return new String[] {
        item.path("id").asString(),
        item.path("state").asString(),
        item.path("requestedBy").asString(),
        item.path("changes").asString(""),
        item.path("lapsesAt").asString(),
        item.path("answeredBy").asString(""),
        item.path("why").asString("")
      };
    }
  }

  /// `remit apply-requests show`.
  @Command(name = "show", header = "Show what an apply would do, value by value.")
  private static final class Show extends ServerCommand {
    @Parameters(
        paramLabel = "ID",
        description = "Which one, as `remit apply-requests list` shows it.")
    private String id = "";

    Show(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var one = server().get(PATH + "/" + Segment.of(id));
      tell(
          one,
          out -> {
            out.println(
                "%s by %s at %s: %s"
                    .formatted(
                        one.path("state").asString(""),
                        one.path("requestedBy").asString(""),
                        one.path("requestedAt").asString(""),
                        one.path("why").asString("")));
            if (one.has("planned")) {
              new PlanView(terminal, true).print(out, one.path("planned"), false);
            }
          });
      return 0;
    }
  }

  /// `remit apply-requests agree`.
  @Command(
      name = "agree",
      header = "Agree to somebody else's apply, which makes it.",
      description =
          "Needs the role security or admin, or one that may make all of it; never who"
              + " asked, by whichever account.")
  private static final class Agree extends ServerCommand {
    @Mixin private final Answer answer = new Answer();

    Agree(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var one = answer.send(terminal, true);
      tell(one, out -> out.println("done: the change by " + one.path("requestedBy").asString("")));
      return 0;
    }
  }

  /// `remit apply-requests decline`.
  @Command(name = "decline", header = "Decline somebody else's apply.")
  private static final class Decline extends ServerCommand {
    @Mixin private final Answer answer = new Answer();

    Decline(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var one = answer.send(terminal, false);
      tell(
          one,
          out -> out.println("declined: the change by " + one.path("requestedBy").asString("")));
      return 0;
    }
  }

  /// Which one, and why.
  private static final class Answer {
    @Parameters(
        paramLabel = "ID",
        description = "Which one, as `remit apply-requests list` shows it.")
    private String id = "";

    @Mixin private final Reason reason = new Reason();

    JsonNode send(Terminal terminal, boolean agree) {
      var body = reason.in(JsonMapper.shared().createObjectNode().put("agree", agree));
      return RemitClient.of(terminal).post(PATH + "/" + Segment.of(id) + "/answer", body);
    }
  }
}
