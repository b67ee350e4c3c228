package dev.remit.cli.registry;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
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
  private static final class ListRequests implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--all", description = "List the newest, settled ones too.")
    private boolean all;

    @Mixin private final Output output;

    ListRequests(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var list = RemitClient.of(terminal).get(PATH + (all ? "" : "?state=requested"));
      output.print(
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
  private static final class Show implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
        paramLabel = "ID",
        description = "Which one, as `remit apply-requests list` shows it.")
    private String id = "";

    @Mixin private final Output output;

    Show(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var one = RemitClient.of(terminal).get(PATH + "/" + Segment.of(id));
      output.print(
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
  private static final class Agree implements Callable<Integer> {
    private final Terminal terminal;
    @Mixin private final Answer answer = new Answer();
    @Mixin private final Output output;

    Agree(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var one = answer.send(terminal, true);
      output.print(
          one, out -> out.println("done: the change by " + one.path("requestedBy").asString("")));
      return 0;
    }
  }

  /// `remit apply-requests decline`.
  @Command(name = "decline", header = "Decline somebody else's apply.")
  private static final class Decline implements Callable<Integer> {
    private final Terminal terminal;
    @Mixin private final Answer answer = new Answer();
    @Mixin private final Output output;

    Decline(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var one = answer.send(terminal, false);
      output.print(
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

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; it is recorded.")
    private String reason = "";

    JsonNode send(Terminal terminal, boolean agree) {
      var body = JsonMapper.shared().createObjectNode().put("agree", agree).put("reason", reason);
      return RemitClient.of(terminal).post(PATH + "/" + Segment.of(id) + "/answer", body);
    }
  }
}
