package dev.remit.server.evaluations;

import dev.remit.kernel.comparison.Axis;
import dev.remit.server.evaluations.Imported.Result;
import dev.remit.server.evaluations.Judging.Outcome;
import dev.remit.server.evaluations.Trial.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Reads logs of Inspect in JSON (`inspect log dump`), one of each version, of the same task.
///
/// Of which axis a task is only people know, so it must be said. A sample passes if every scorer
/// says `C`, true or 1; partly right is not right.
///
/// Source: the reference of `inspect_ai.log`, version 2 of the log.
final class InspectLog {
  private static final int VERSION = 2;

  private InspectLog() {}

  /// @throws UnreadableSuite if one is not whole, or they are of different versions or tasks
  static Imported read(Map<Side, String> files, Map<String, Axis> axes) {
    var importing = new Importing(axes, List.of());
    var made = new HashSet<String>();
    var read = new ArrayList<Result>();
    files.forEach((side, text) -> made.add(log(side, text, importing, read)));
    if (made.size() != 1) {
      throw new UnreadableSuite("the logs are of different tasks or versions: " + made);
    }
    var only = made.iterator().next();
    return Imported.whole(
        "inspect " + only.substring(only.lastIndexOf(' ') + 1), read, List.copyOf(files.keySet()));
  }

  private static String log(Side side, String text, Importing importing, List<Result> read) {
    var json = Importing.json("the Inspect log of the " + side.word(), text);
    if (json.path("version").asInt(0) != VERSION) {
      throw new UnreadableSuite("it is not an Inspect log of version " + VERSION);
    }
    if (!json.path("status").asString("").equals("success")) {
      throw new UnreadableSuite(
          "the run of the " + side.word() + " has not ended well; its `status` is not success");
    }
    var eval = json.path("eval");
    var task = eval.path("task").asString("");
    var version = eval.path("packages").path("inspect_ai").asString("");
    if (task.isEmpty() || version.isEmpty()) {
      throw new UnreadableSuite("the log does not say its task and which Inspect made it");
    }
    var samples = new ArrayList<JsonNode>();
    json.path("samples").forEach(samples::add);
    long told = json.path("results").path("total_samples").asLong(-1);
    if (told >= 0 && told != samples.size()) {
      throw new UnreadableSuite(
          "the log tells of " + told + " samples and holds " + samples.size());
    }
    samples.sort(Comparator.comparingInt(sample -> sample.path("epoch").asInt(1)));
    var seen = new HashSet<String>();
    for (var sample : samples) {
      var id = sample.path("id").asString("");
      if (id.isEmpty() || !seen.add(id + " " + sample.path("epoch").asInt(1))) {
        throw new UnreadableSuite("a sample has no id, or comes twice in one epoch");
      }
      read.add(
          new Result(
              side,
              task,
              importing.axis(task),
              id,
              importing.repeat(side, task, id),
              outcome(sample),
              sample.path("output").path("completion").asString("")));
    }
    return task + " " + eval.path("task_version").asString("0") + " " + version;
  }

  private static Outcome outcome(JsonNode sample) {
    var error = sample.path("error");
    var scores = sample.path("scores");
    if (!(error.isMissingNode() || error.isNull()) || scores.isEmpty()) {
      return Outcome.UNSCORED;
    }
    boolean unscored = false;
    boolean failed = false;
    for (var score : scores) {
      switch (scored(score.path("value"))) {
        case PASSED -> {}
        case FAILED -> failed = true;
        case UNSCORED -> unscored = true;
      }
    }
    if (failed) {
      return Outcome.FAILED;
    }
    return unscored ? Outcome.UNSCORED : Outcome.PASSED;
  }

  private static Outcome scored(JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue() ? Outcome.PASSED : Outcome.FAILED;
    }
    if (value.isNumber()) {
      return value.doubleValue() >= 1 ? Outcome.PASSED : Outcome.FAILED;
    }
    return switch (value.asString("")) {
      case "C" -> Outcome.PASSED;
      case "I", "P" -> Outcome.FAILED;
      case "N" -> Outcome.UNSCORED;
      default -> throw new UnreadableSuite("a score is of a kind that is not known");
    };
  }
}
