package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.CommandGroup;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tests of what a model answers, and what they show of a newer version.
@Command(
    name = "evaluations",
    header = "Test a model or an agent, and compare it with the version that was approved.",
    description = {
      "A plan is frozen before the first question. What is shown is how safely a model answers;",
      "it is no evidence of what its identity may do. Without more it lists evaluations.",
    })
public final class EvaluationsCommand extends ServerCommand implements CommandGroup {
  static final String PATH = "/v1/evaluations";

  public EvaluationsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "suites", new Suites(terminal),
        "plan", new EvaluationPlan(terminal),
        "run", new Run(terminal),
        "show", new Show(terminal),
        "import", new EvaluationImport(terminal),
        "label", new EvaluationLabel(terminal),
        "probes", new Probes(terminal));
  }

  @Override
  public Integer call() {
    var list = server().get(PATH);
    tell(
        list,
        out -> {
          var table =
              new Table("ID", "STATE", "VERDICT", "CANDIDATE", "BASELINE", "ANSWERED", "AT");
          for (var item : list.path("items")) {
            table.row(
                text(item, "id"),
                text(item, "state"),
                text(item, "verdict"),
                text(item.path("plan").path("candidate"), "endpoint"),
                text(item.path("plan").path("baseline"), "endpoint"),
                text(item, "answered") + " of " + text(item, "trials"),
                text(item, "at"));
          }
          table.print(out);
        });
    return 0;
  }

  static void maybe(ObjectNode body, String key, @Nullable String value) {
    if (value != null) {
      body.put(key, value);
    }
  }

  static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }

  private static String percent(JsonNode axis, String key) {
    return String.format(Locale.ROOT, "%+.1f %%", axis.path(key).asDouble(0) * 100);
  }

  /// Prints both versions side by side, a line for each suite.
  static void show(JsonNode one, PrintWriter out) {
    var table =
        new Table(
            "SUITE", "BASELINE FAILS", "CANDIDATE FAILS", "DIFFERENCE", "BOUNDS", "VERDICT", "WHY");
    for (var axis : one.path("axes")) {
      var scored = " of " + text(axis, "scored");
      table.row(
          text(axis, "suite"),
          text(axis, "baselineFailed") + scored,
          text(axis, "candidateFailed") + scored,
          percent(axis, "regression"),
          percent(axis, "lower") + " to " + percent(axis, "upper"),
          text(axis, "verdict"),
          text(axis, "why"));
    }
    table.print(out);
    var verdict = text(one, "verdict");
    out.println(
        "%s is %s; %s of %s answered%s"
            .formatted(
                text(one, "id"),
                text(one, "state"),
                text(one, "answered"),
                text(one, "trials"),
                verdict.isEmpty() ? "" : "; verdict: " + verdict));
    out.println("This is about " + text(one, "about") + ".");
  }

  /// Lists suites.
  @Command(name = "suites", header = "List the suites and the endpoints that may be asked.")
  static final class Suites extends ServerCommand {
    Suites(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var list = server().get(PATH + "/suites");
      tell(
          list,
          out -> {
            var table = new Table("SUITE", "VERSION", "AXIS", "CASES", "LICENCE", "SOURCE");
            for (var item : list.path("items")) {
              table.row(
                  text(item, "suite"),
                  text(item, "version"),
                  text(item, "axis"),
                  text(item, "cases"),
                  text(item, "licence"),
                  text(item, "source"));
            }
            table.print(out);
            for (var endpoint : list.path("endpoints")) {
              out.println("endpoint " + endpoint.asString(""));
            }
          });
      return 0;
    }
  }

  /// Runs a plan.
  @Command(name = "run", header = "Run what was planned, and wait for it.")
  static final class Run extends ServerCommand {
    private static final long LOOK_EVERY_MS = 1_000;

    @Parameters(paramLabel = "ID", description = "As `remit evaluations plan` says it.")
    private String id = "";

    @Option(names = "--no-wait", description = "Start it and do not wait.")
    private boolean noWait;

    Run(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
      var client = server();
      var one =
          client.post(PATH + "/" + Segment.of(id) + "/run", JsonMapper.shared().createObjectNode());
      while (!noWait && text(one, "state").equals("running")) {
        Thread.sleep(LOOK_EVERY_MS);
        one = client.get(PATH + "/" + Segment.of(id));
        terminal.err().println(text(one, "answered") + " of " + text(one, "trials"));
      }
      tell(one, EvaluationsCommand::show);
      return exit(one, noWait);
    }
  }

  /// So that a pipeline stops: 0 only for a pass.
  private static int exit(JsonNode one, boolean unfinished) {
    return unfinished || text(one, "verdict").equals("pass") ? 0 : 1;
  }

  /// Shows one, side by side.
  @Command(name = "show", header = "Show both versions side by side.")
  static final class Show extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "As `remit evaluations` lists it.")
    private String id = "";

    @Option(names = "--plot", paramLabel = "FILE", description = "Write it as SVG, too.")
    private @Nullable Path plot;

    Show(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var client = server();
      var one = client.get(PATH + "/" + Segment.of(id));
      if (plot != null) {
        write(plot, client.bytes(PATH + "/" + Segment.of(id) + "/plot"));
      }
      tell(one, EvaluationsCommand::show);
      return 0;
    }

    private static void write(Path file, byte[] svg) {
      try {
        Files.write(file, svg);
      } catch (IOException e) {
        throw new CommandFailed("`" + file + "` cannot be written", "name another file");
      }
    }
  }

  /// Shows probes.
  @Command(name = "probes", header = "Show how the probes of models in use stand.")
  static final class Probes extends ServerCommand {
    @Option(
        names = "--ask",
        paramLabel = "NAME",
        description = "Ask these at once first; that counts as one day of their statistics.")
    private @Nullable String ask;

    Probes(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var client = server();
      if (ask != null) {
        client.post(
            PATH + "/probes/" + Segment.of(ask) + "/ask", JsonMapper.shared().createObjectNode());
      }
      var list = client.get(PATH + "/probes");
      tell(
          list,
          out -> {
            var table = new Table("PROBES", "DAYS", "FAILED", "EVIDENCE", "ALARM", "AT");
            for (var item : list.path("items")) {
              table.row(
                  text(item, "probes"),
                  text(item, "days"),
                  text(item, "failed") + " of " + text(item, "asked"),
                  String.format(Locale.ROOT, "%.1f", item.path("statistic").asDouble(0)),
                  text(item, "alarm"),
                  text(item, "at"));
            }
            table.print(out);
          });
      return 0;
    }
  }
}
