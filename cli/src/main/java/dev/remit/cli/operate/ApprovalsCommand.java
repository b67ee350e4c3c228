package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Reason;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import dev.remit.cli.Yaml;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Lists the calls that wait for a person.
@Command(
    name = "approvals",
    header = "List the calls that wait for a person.",
    description = {
      "A held call waits here until somebody with the right role answers it with `remit approve`",
      "or `remit deny`, or until its time is over, which counts as a denial.",
    })
public final class ApprovalsCommand extends ServerCommand implements CommandGroup {
  @Option(
      names = "--groups",
      description = "Like with like: the calls of one task that want the same, in one line.")
  private boolean groups;

  @Option(names = "--all", description = "Also those that are answered or lapsed.")
  private boolean all;

  public ApprovalsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("show", new Show(terminal), "take-back", new TakeBack(terminal));
  }

  @Override
  public Integer call() {
    if (groups) {
      var grouped = server().get("/v1/approvals/groups");
      tell(grouped, out -> printGroups(grouped.path("groups"), out));
      return 0;
    }
    var list = server().get("/v1/approvals" + (all ? "" : "?state=pending"));
    tell(list, out -> print(list.path("approvals"), out));
    return 0;
  }

  private static void printGroups(JsonNode groups, PrintWriter out) {
    if (groups.isEmpty()) {
      out.println("No call waits.");
      return;
    }
    var table = new Table("WAITING", "IDENTITY", "TASK", "WANTS", "OLDEST", "FIRST ID");
    for (var one : groups) {
      table.row(
          one.path("waiting").asString(""),
          one.path("identity").asString(""),
          one.path("task").asString(""),
          one.path("item").asString(""),
          one.path("oldest").asString(""),
          one.path("ids").path(0).asString(""));
    }
    table.print(out);
  }

  private void print(JsonNode approvals, PrintWriter out) {
    if (approvals.isEmpty()) {
      out.println(all ? "No call was ever held." : "No call waits.");
      return;
    }
    var table = new Table("ID", "STATE", "IDENTITY", "INTENT", "WANTS", "NEEDS", "LAPSES");
    for (var one : approvals) {
      table.row(
          one.path("id").asString(""),
          one.path("state").asString(""),
          one.path("identity").asString(""),
          one.path("intent").asString(""),
          one.path("item").asString(""),
          String.join(" and ", one.path("wanted").valueStream().map(JsonNode::asString).toList()),
          one.path("lapsesAt").asString(""));
    }
    table.print(out);
  }

  /// Shows one held call.
  @Command(
      name = "show",
      header = "Show one held call: who asks, for what, with which arguments, and why it is held.")
  static final class Show extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "The approval's id.")
    private String id = "";

    Show(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var approval = server().get("/v1/approvals/" + Segment.of(id));
      tell(approval, out -> out.print(Yaml.text(approval)));
      return 0;
    }
  }

  /// Takes back what was agreed to.
  @Command(
      name = "take-back",
      header = "Take back what was agreed to and is not used up.",
      description = {
        "No further call is made under it; a later one like it is held again. Calls that were",
        "made stay made. For who agreed, who owns the workflow, security and administrators.",
      })
  static final class TakeBack extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "The approval's id.")
    private String id = "";

    @Mixin private final Reason reason = new Reason();

    TakeBack(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = reason.body();
      var path = "/v1/approvals/" + Segment.of(id) + "/take-back";
      var approval = server().post(path, body);
      tell(approval, out -> out.println(id + " is taken back: nothing of it is left"));
      return 0;
    }
  }
}
