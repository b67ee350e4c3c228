package dev.remit.cli.operate;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Shows what happened in a task: questions to models, what they proposed, what was called.
@Command(
    name = "course",
    header = "Show what models were asked in a task, what they proposed, and what was done.",
    description = {
      "In order, with what came of each. A call that no model proposed says so, and so does a",
      "proposal that was never carried out."
    })
final class TaskCourse extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "Which task.")
  private String id = "";

  TaskCourse(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var course = server().get("/v1/tasks/" + Segment.of(id) + "/course");
    tell(course, out -> print(course, out));
    return 0;
  }

  private void print(JsonNode course, PrintWriter out) {
    var steps = course.path("steps");
    if (steps.isEmpty()) {
      out.println("Nothing was asked for in " + id + " yet.");
      return;
    }
    boolean asks = steps.valueStream().anyMatch(TaskCourse::isQuestion);
    var table = new Table("AT", "WHAT", "TARGET", "ANSWER", "OUTCOME", "LINKED TO");
    for (var step : steps) {
      table.row(
          step.path("at").asString(),
          isQuestion(step) ? "ask" : step.path("action").asString(),
          step.path("target").asString(),
          step.path("verdict").asString() + " " + step.path("because").asString(),
          outcome(step),
          isQuestion(step) ? proposals(step) : proposedBy(step, asks));
    }
    table.print(out);
  }

  private static boolean isQuestion(JsonNode step) {
    return step.path("kind").asString().equals("asked");
  }

  private static String outcome(JsonNode step) {
    var secrets = new ArrayList<String>();
    step.path("secrets").forEach(one -> secrets.add(one.asString("")));
    var seen = secrets.isEmpty() ? "" : " (secrets: " + String.join(", ", secrets) + ")";
    return step.path("outcome").asString("none yet") + seen;
  }

  private static String proposedBy(JsonNode step, boolean asks) {
    var by = step.path("proposedBy").asString("");
    return by.isEmpty() ? (asks ? "proposed by no model" : "") : "proposed as " + by;
  }

  private static String proposals(JsonNode step) {
    var said = new ArrayList<String>();
    for (var one : step.path("proposals")) {
      said.add(one.path("tool").asString() + " " + one.path("id").asString() + done(one));
    }
    return said.isEmpty() ? "proposed nothing" : String.join("; ", said);
  }

  private static String done(JsonNode proposal) {
    List<String> calls = new ArrayList<>();
    proposal.path("calls").forEach(one -> calls.add(one.asString("")));
    if (!calls.isEmpty()) {
      return " carried out as " + String.join(", ", calls);
    }
    return proposal.path("verdict").asString().equals("passed")
        ? " never carried out"
        : " refused: " + proposal.path("reason").asString();
  }
}
