package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.CommandGroup;
import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
public final class EvaluationsCommand implements Callable<Integer>, CommandGroup {
  private static final String PATH = "/v1/evaluations";

  private final Terminal terminal;

  @Mixin private final Output output;

  public EvaluationsCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "suites", new Suites(terminal),
        "plan", new Plan(terminal),
        "run", new Run(terminal),
        "show", new Show(terminal),
        "import", new Import(terminal),
        "label", new Label(terminal),
        "probes", new Probes(terminal));
  }

  @Override
  public Integer call() {
    var list = RemitClient.of(terminal).get(PATH);
    output.print(
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

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }

  private static String percent(JsonNode axis, String key) {
    return String.format(Locale.ROOT, "%+.1f %%", axis.path(key).asDouble(0) * 100);
  }

  /// Prints both versions side by side, a line for each suite.
  private static void show(Output output, JsonNode one) {
    output.print(
        one,
        out -> {
          var table =
              new Table(
                  "SUITE",
                  "BASELINE FAILS",
                  "CANDIDATE FAILS",
                  "DIFFERENCE",
                  "BOUNDS",
                  "VERDICT",
                  "WHY");
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
        });
  }

  /// Lists suites.
  @Command(name = "suites", header = "List the suites and the endpoints that may be asked.")
  static final class Suites implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final Output output;

    Suites(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var list = RemitClient.of(terminal).get(PATH + "/suites");
      output.print(
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

  /// Freezes a plan.
  @Command(name = "plan", header = "Freeze a plan, and show what its suites can show.")
  static final class Plan implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
        names = "--candidate",
        required = true,
        paramLabel = "ENDPOINT",
        description = "The version to be tested.")
    private String candidate = "";

    @Option(
        names = "--baseline",
        paramLabel = "ENDPOINT",
        description = "The version that was approved.")
    private @Nullable String baseline;

    @Option(
        names = "--judge",
        paramLabel = "ENDPOINT",
        description = "A model that judges where a case asks for one.")
    private @Nullable String judge;

    @Option(
        names = "--suite",
        paramLabel = "NAME",
        description = "A suite; repeatable. Without any, one for each axis.")
    private List<String> suites = List.of();

    @Option(
        names = "--margin",
        defaultValue = "0.1",
        paramLabel = "SHARE",
        description = "The regression that is too much (${DEFAULT-VALUE}).")
    private double margin;

    @Option(
        names = "--confidence",
        defaultValue = "0.95",
        paramLabel = "SHARE",
        description = "Of each bound (${DEFAULT-VALUE}).")
    private double confidence;

    @Option(
        names = "--repeats",
        defaultValue = "1",
        paramLabel = "N",
        description = "How often each version answers each case (${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--sequential", description = "Stop as soon as it is shown.")
    private boolean sequential;

    @Option(
        names = "--no-labels",
        description = "Believe judges that can err; recorded in the plan.")
    private boolean unlabelled;

    @Mixin private final Output output;

    Plan(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode().put("candidate", candidate);
      maybe(body, "baseline", baseline);
      maybe(body, "judge", judge);
      var names = body.putArray("suites");
      suites.forEach(names::add);
      body.put("margin", margin).put("confidence", confidence).put("repeats", repeats);
      body.put("sequential", sequential).put("labels", !unlabelled);
      var planned = RemitClient.of(terminal).post(PATH, body);
      output.print(planned, out -> planned(out, planned));
      return 0;
    }
  }

  /// Prints a frozen plan, and what its suites can show.
  static void planned(PrintWriter out, JsonNode planned) {
    var table = new Table("SUITE", "CASES", "SMALLEST MARGIN", "SUPPORTS THIS ONE");
    for (var suite : planned.path("support")) {
      table.row(
          text(suite, "suite"),
          text(suite, "cases"),
          suite.has("smallestMargin") ? text(suite, "smallestMargin") : "none",
          suite.path("supports").asBoolean(false) ? "yes" : "no: it will be inconclusive");
    }
    table.print(out);
    var plan = planned.path("plan");
    var baseline = text(plan.path("baseline"), "endpoint");
    out.println(
        "asks "
            + text(plan.path("candidate"), "endpoint")
            + (baseline.isEmpty() ? "" : ", compared with " + baseline));
    out.println("frozen as " + text(planned, "digest"));
    out.println("next: remit evaluations run " + text(planned, "id"));
  }

  private static void maybe(ObjectNode body, String key, @Nullable String value) {
    if (value != null) {
      body.put(key, value);
    }
  }

  /// Runs a plan.
  @Command(name = "run", header = "Run what was planned, and wait for it.")
  static final class Run implements Callable<Integer> {
    private static final long LOOK_EVERY_MS = 1_000;
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "As `remit evaluations plan` says it.")
    private String id = "";

    @Option(names = "--no-wait", description = "Start it and do not wait.")
    private boolean noWait;

    @Mixin private final Output output;

    Run(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
      var client = RemitClient.of(terminal);
      var one =
          client.post(PATH + "/" + Segment.of(id) + "/run", JsonMapper.shared().createObjectNode());
      while (!noWait && text(one, "state").equals("running")) {
        Thread.sleep(LOOK_EVERY_MS);
        one = client.get(PATH + "/" + Segment.of(id));
        terminal.err().println(text(one, "answered") + " of " + text(one, "trials"));
      }
      show(output, one);
      return exit(one, noWait);
    }
  }

  /// So that a pipeline stops: 0 only for a pass.
  private static int exit(JsonNode one, boolean unfinished) {
    return unfinished || text(one, "verdict").equals("pass") ? 0 : 1;
  }

  /// Shows one, side by side.
  @Command(name = "show", header = "Show both versions side by side.")
  static final class Show implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "As `remit evaluations` lists it.")
    private String id = "";

    @Option(names = "--plot", paramLabel = "FILE", description = "Write it as SVG, too.")
    private @Nullable Path plot;

    @Mixin private final Output output;

    Show(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var client = RemitClient.of(terminal);
      var one = client.get(PATH + "/" + Segment.of(id));
      if (plot != null) {
        write(plot, client.bytes(PATH + "/" + Segment.of(id) + "/plot"));
      }
      show(output, one);
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

  /// Takes results of other tools.
  @Command(name = "import", header = "Judge the results of promptfoo, garak or Inspect.")
  static final class Import implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "TOOL", description = "promptfoo, garak or inspect.")
    private String tool = "";

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = "Of the candidate; with promptfoo of both.")
    private Path file = Path.of("");

    @Option(
        names = "--candidate",
        required = true,
        paramLabel = "NAME",
        description = "Its name; with promptfoo the provider's label.")
    private String candidate = "";

    @Option(names = "--baseline", paramLabel = "NAME", description = "The same of the baseline.")
    private @Nullable String baseline;

    @Option(
        names = "--baseline-file",
        paramLabel = "FILE",
        description = "Its results, where they are another file.")
    private @Nullable Path baselineFile;

    @Option(
        names = "--model",
        paramLabel = "NAME",
        description = "The declared model that the verdict is about.")
    private @Nullable String model;

    @Option(
        names = "--axis",
        paramLabel = "GROUP=AXIS",
        description = "Of which axis a plugin, probe or task is; repeatable.")
    private Map<String, String> axes = Map.of();

    @Option(
        names = "--margin",
        defaultValue = "0.1",
        paramLabel = "SHARE",
        description = "The regression that is too much (${DEFAULT-VALUE}).")
    private double margin;

    @Option(names = "--no-labels", description = "Believe the tool's judges; recorded in the plan.")
    private boolean unlabelled;

    @Mixin private final Output output;

    Import(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var body =
          JsonMapper.shared()
              .createObjectNode()
              .put("tool", tool)
              .put("candidate", candidate)
              .put("candidateFile", read(file))
              .put("margin", margin)
              .put("labels", !unlabelled);
      maybe(body, "baseline", baseline);
      maybe(body, "candidateModel", model);
      if (baselineFile != null) {
        body.put("baselineFile", read(baselineFile));
      }
      var named = body.putObject("axes");
      axes.forEach(named::put);
      show(output, RemitClient.of(terminal).post(PATH + "/import", body));
      return 0;
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new CommandFailed("`" + file + "` cannot be read", "name a file of results in UTF-8");
      }
    }
  }

  /// Labels a case.
  @Command(name = "label", header = "Show the next case to label, or label it.")
  static final class Label implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "ID", description = "As `remit evaluations` lists it.")
    private String id = "";

    @Option(names = "--case", paramLabel = "CASE", description = "The case, as it was shown.")
    private @Nullable String shown;

    @Option(
        names = "--first",
        paramLabel = "LABEL",
        description = "passed, failed or unsure: the first answer.")
    private @Nullable String first;

    @Option(names = "--second", paramLabel = "LABEL", description = "The same of the second.")
    private @Nullable String second;

    @Mixin private final Output output;

    Label(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var client = RemitClient.of(terminal);
      var path = PATH + "/" + Segment.of(id) + "/label";
      if (shown != null) {
        if (first == null) {
          throw new CommandFailed("the label is missing", "add --first passed, failed or unsure");
        }
        var body = JsonMapper.shared().createObjectNode().put("case", shown);
        var labels = body.putArray("labels").add(first);
        if (second != null) {
          labels.add(second);
        }
        client.post(path, body);
      }
      var next = client.get(path);
      output.print(next, out -> print(next).lines().forEach(out::println));
      return 0;
    }

    private String print(JsonNode next) {
      if (next.path("left").asInt(0) == 0) {
        return "nothing is left to label";
      }
      var text = new StringBuilder(text(next, "case")).append('\n').append(text(next, "question"));
      answers(text, "first", next.path("first"));
      answers(text, "second", next.path("second"));
      return text.append("\n\nlabel it: remit evaluations label ")
          .append(id)
          .append(" --case ")
          .append(text(next, "case"))
          .append(" --first passed|failed|unsure")
          .append(next.path("second").isEmpty() ? "" : " --second passed|failed|unsure")
          .append("\n")
          .append(text(next, "left"))
          .append(" left")
          .toString();
    }

    private static void answers(StringBuilder text, String which, JsonNode answers) {
      for (var answer : answers) {
        text.append("\n\n--- ").append(which).append(" answer\n").append(answer.asString(""));
      }
    }
  }

  /// Shows probes.
  @Command(name = "probes", header = "Show how the probes of models in use stand.")
  static final class Probes implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
        names = "--ask",
        paramLabel = "NAME",
        description = "Ask these at once first; that counts as one day of their statistics.")
    private @Nullable String ask;

    @Mixin private final Output output;

    Probes(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var client = RemitClient.of(terminal);
      if (ask != null) {
        client.post(
            PATH + "/probes/" + Segment.of(ask) + "/ask", JsonMapper.shared().createObjectNode());
      }
      var list = client.get(PATH + "/probes");
      output.print(
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
