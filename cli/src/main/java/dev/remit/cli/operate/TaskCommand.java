package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import dev.remit.cli.Yaml;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Shows and ends tasks.
@Command(name = "task", header = "List and show tasks, or end one and every token of it.")
public final class TaskCommand implements Runnable, CommandGroup {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public TaskCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "list",
        new List(terminal),
        "show",
        new Show(terminal),
        "course",
        new TaskCourse(terminal),
        "complete",
        new Complete(terminal));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what: list, show, course or complete");
  }

  /// Lists tasks.
  @Command(
      name = "list",
      header = "List the tasks at work, newest first.",
      description = {"Each row is one bounded piece of work; its tokens die with it."})
  static final class List extends ServerCommand {
    @Option(names = "--all", description = "Also those that ended or ran out.")
    private boolean all;

    @Option(names = "--identity", paramLabel = "NAME", description = "Only those of an identity.")
    private String identity = "";

    @Option(names = "--workflow", paramLabel = "NAME", description = "Only those of a workflow.")
    private String workflow = "";

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "At most so many, up to 1,000.",
        defaultValue = "100",
        showDefaultValue = CommandLine.Help.Visibility.ALWAYS)
    private int limit = 100;

    @Option(
        names = "--before",
        paramLabel = "ID",
        description = "Only those older than this task, to read on.")
    private String before = "";

    List(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var list = server().get("/v1/tasks?" + query());
      tell(list, out -> print(list, out));
      return 0;
    }

    private String query() {
      return "state="
          + (all ? "all" : "alive")
          + "&limit="
          + limit
          + only("identity", identity)
          + only("workflow", workflow)
          + only("before", before);
    }

    private static String only(String name, String value) {
      return value.isEmpty() ? "" : "&" + name + "=" + Segment.of(value);
    }

    private void print(JsonNode list, PrintWriter out) {
      if (list.path("tasks").isEmpty()) {
        out.println(all ? "There is no such task." : "No such task is at work.");
        return;
      }
      var table = new Table("ID", "IDENTITY", "WORKFLOW", "INTENT", "STARTED", "UNTIL", "ENDED BY");
      for (var one : list.path("tasks")) {
        table.row(
            one.path("id").asString(""),
            one.path("identity").asString(""),
            one.path("workflow").asString(""),
            one.path("intent").asString(""),
            one.path("startedAt").asString(""),
            one.path("endedAt").asString(one.path("expiresAt").asString("")),
            one.path("endedBy").asString(""));
      }
      table.print(out);
      if (list.has("before")) {
        out.println("There may be more: add --before " + list.path("before").asString(""));
      }
    }
  }

  /// Shows one task.
  @Command(
      name = "show",
      header = "Show one task: whose, for what, how far, until when, and who reviewed that.")
  static final class Show extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "The task's id.")
    private String id = "";

    Show(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var client = server();
      var task = (ObjectNode) client.get("/v1/tasks/" + Segment.of(id));
      task.set("reviewed", reviewed(client, task));
      tell(task, out -> out.print(Yaml.text(task)));
      return 0;
    }

    /// Who reviewed what its credentials rest on, as it was when it was started.
    private static JsonNode reviewed(RemitClient client, JsonNode task) {
      var identity = Segment.of(task.path("identity").asString(""));
      var at = Segment.of(task.path("startedAt").asString(""));
      return client.get("/v1/identities/" + identity + "/scope-reviews?at=" + at).path("reviews");
    }
  }

  /// Ends one task.
  @Command(name = "complete", header = "End a task; its tokens are refused from then on.")
  static final class Complete extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "The task's id.")
    private String id = "";

    Complete(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode();
      var task = server().post("/v1/tasks/" + Segment.of(id) + "/complete", body);
      tell(task, out -> print(task, out));
      return 0;
    }

    private void print(JsonNode task, PrintWriter out) {
      out.println(id + " ended at " + task.path("endedAt").asString(""));
      var credentials = task.path("credentials");
      if (!credentials.isMissingNode()) {
        out.println(
            "%d of its credentials are gone, %d are still being taken away (%d ms)"
                .formatted(
                    credentials.path("gone").asLong(0),
                    credentials.path("left").asLong(0),
                    credentials.path("tookMillis").asLong(0)));
      }
      for (var part : task.path("outcome").path("parts")) {
        out.println(
            "  %-11s %d in %d ms%s"
                .formatted(
                    part.path("part").asString(""),
                    part.path("count").asLong(0),
                    part.path("millis").asLong(0),
                    part.path("left").asLong(0) > 0
                        ? ", " + part.path("left").asLong(0) + " still under way"
                        : ""));
      }
    }
  }
}
