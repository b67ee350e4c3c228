package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import dev.remit.cli.Yaml;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Lists the calls that wait for a person.
@Command(
    name = "approvals",
    header = "List the calls that wait for a person.",
    description = {
      "A held call waits here until somebody with the right role answers it with `remit approve`",
      "or `remit deny`, or until its time is over, which counts as a denial.",
    })
public final class ApprovalsCommand implements Callable<Integer>, CommandGroup {
  private final Terminal terminal;

  @Option(
      names = "--groups",
      description = "Like with like: the calls of one task that want the same, in one line.")
  private boolean groups;

  @Option(names = "--all", description = "Also those that are answered or lapsed.")
  private boolean all;

  @Mixin private final Output output;

  public ApprovalsCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("show", new Show(terminal), "take-back", new TakeBack(terminal));
  }

  @Override
  public Integer call() {
    if (groups) {
      var grouped = RemitClient.of(terminal).get("/v1/approvals/groups");
      output.print(grouped, out -> printGroups(grouped.path("groups"), out));
      return 0;
    }
    var list = RemitClient.of(terminal).get("/v1/approvals" + (all ? "" : "?state=pending"));
    output.print(list, out -> print(list.path("approvals"), out));
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
  static final class Show implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "The approval's id.")
    private String id = "";

    @Mixin private final Output output;

    Show(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var approval = RemitClient.of(terminal).get("/v1/approvals/" + Segment.of(id));
      output.print(approval, out -> out.print(Yaml.text(approval)));
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
  static final class TakeBack implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "The approval's id.")
    private String id = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; it is recorded.")
    private String reason = "";

    @Mixin private final Output output;

    TakeBack(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode().put("reason", reason);
      var path = "/v1/approvals/" + Segment.of(id) + "/take-back";
      var approval = RemitClient.of(terminal).post(path, body);
      output.print(approval, out -> out.println(id + " is taken back: nothing of it is left"));
      return 0;
    }
  }
}
