package dev.remit.cli.operate;

import static dev.remit.cli.operate.EvaluationsCommand.maybe;
import static dev.remit.cli.operate.EvaluationsCommand.text;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is to be tested and what counts as worse, frozen before the first question.
@Command(name = "plan", header = "Freeze a plan, and show what its suites can show.")
final class EvaluationPlan extends ServerCommand {
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

  @Option(names = "--no-labels", description = "Believe judges that can err; recorded in the plan.")
  private boolean unlabelled;

  EvaluationPlan(Terminal terminal) {
    super(terminal);
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
    var planned = server().post(EvaluationsCommand.PATH, body);
    tell(planned, EvaluationPlan::show);
    return 0;
  }

  /// Prints a frozen plan, and what its suites can show.
  static void show(JsonNode planned, PrintWriter out) {
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
}
