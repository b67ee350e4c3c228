package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rehearses the kill switch.
@Command(
    name = "drill",
    header = "Rehearse a suspension with a canary, or list what drills have shown.",
    description = {
      "A canary is an identity that is there to be suspended. It gets a token, uses it at every",
      "node, opens streams and sessions at databases; then it is suspended, and how long each part",
      "goes on is measured, recorded and compared with the target."
    })
public final class DrillCommand implements Runnable, CommandGroup {
  private static final String PATH = "/v1/drills";

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public DrillCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("run", new Run(terminal), "list", new List(terminal));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what: run or list");
  }

  private static void print(JsonNode drills, PrintWriter out) {
    if (drills.isEmpty()) {
      out.println("There was no drill.");
      return;
    }
    var table = new Table("ID", "WORKFLOW", "AT", "OUTCOME", "PART", "N", "P50", "P99", "MAX");
    for (var drill : drills) {
      var parts = drill.path("parts");
      for (var part : parts) {
        table.row(
            drill.path("id").asString(""),
            drill.path("workflow").asString(""),
            drill.path("at").asString(""),
            drill.path("outcome").asString(""),
            part.path("part").asString(""),
            part.path("count").asString(""),
            part.path("p50Millis").asString("") + " ms",
            part.path("p99Millis").asString("") + " ms",
            part.path("maxMillis").asString("") + " ms");
      }
      if (parts.isEmpty()) {
        table.row(
            drill.path("id").asString(""),
            drill.path("workflow").asString(""),
            drill.path("at").asString(""),
            drill.path("outcome").asString(""),
            "-",
            "",
            "",
            "",
            "");
      }
    }
    table.print(out);
    for (var drill : drills) {
      if (drill.has("detail")) {
        out.println(drill.path("id").asString("") + ": " + drill.path("detail").asString(""));
      }
    }
  }

  /// Rehearses now.
  @Command(
      name = "run",
      header = "Suspend every canary, or one workflow's, and measure how long it takes.",
      description = {"The exit status is 1 unless each drill met its target."})
  static final class Run extends ServerCommand {
    @Option(names = "--workflow", paramLabel = "NAME", description = "Only that of a workflow.")
    private String workflow = "";

    Run(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode();
      if (!workflow.isEmpty()) {
        body.put("workflow", workflow);
      }
      var done = server().post(PATH, body);
      tell(done, out -> print(done.path("drills"), out));
      boolean met =
          done.path("drills")
              .valueStream()
              .allMatch(drill -> drill.path("outcome").asString("").equals("met"));
      return met ? 0 : 1;
    }
  }

  /// Lists drills.
  @Command(name = "list", header = "List drills, newest first.")
  static final class List extends ServerCommand {
    @Option(names = "--workflow", paramLabel = "NAME", description = "Only those of a workflow.")
    private String workflow = "";

    List(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var path = workflow.isEmpty() ? PATH : PATH + "?workflow=" + Segment.of(workflow);
      var drills = server().get(path);
      tell(drills, out -> print(drills.path("drills"), out));
      return 0;
    }
  }
}
