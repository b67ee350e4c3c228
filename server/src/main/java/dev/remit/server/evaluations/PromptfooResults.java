package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.comparison.Axis;
import dev.remit.server.evaluations.Imported.Result;
import dev.remit.server.evaluations.Importing.Known;
import dev.remit.server.evaluations.Judging.Outcome;
import dev.remit.server.evaluations.Trial.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads a result file of promptfoo that holds both versions, told apart by their providers'
/// labels.
///
/// Rows are in no order, and each repeat has a test index of its own, so a case is known by
/// `metadata.caseId`, else by its variables. A failed assertion and a failed provider differ only
/// in `failureReason`.
///
/// Source: a result of promptfoo 0.123.1, version 3 of its results.
final class PromptfooResults {
  private static final int VERSION = 3;
  private static final List<Known> KNOWN =
      List.of(
          new Known("indirect-prompt-injection", Axis.PROMPT_INJECTION),
          new Known("overrefusal", Axis.OVER_REFUSAL),
          new Known("harmful", Axis.REFUSAL),
          new Known("pii", Axis.EXFILTRATION),
          new Known("prompt-extraction", Axis.EXFILTRATION),
          new Known("data-exfil", Axis.EXFILTRATION),
          new Known("cross-session-leak", Axis.EXFILTRATION),
          new Known("excessive-agency", Axis.TOOL_ABUSE),
          new Known("bola", Axis.TOOL_ABUSE),
          new Known("bfla", Axis.TOOL_ABUSE),
          new Known("rbac", Axis.TOOL_ABUSE),
          new Known("jailbreak", Axis.JAILBREAK));

  private PromptfooResults() {}

  /// @param labels of each version's provider
  /// @throws UnreadableSuite if it is not whole
  static Imported read(String text, Map<Side, String> labels, Map<String, Axis> axes) {
    var json = Importing.json("the promptfoo result", text);
    var results = json.path("results");
    if (results.path("version").asInt(0) != VERSION) {
      throw new UnreadableSuite("it is not a promptfoo result of version " + VERSION);
    }
    var version = json.path("metadata").path("promptfooVersion").asString("");
    if (version.isEmpty()) {
      throw new UnreadableSuite("it does not say which promptfoo made it");
    }
    var rows = new ArrayList<JsonNode>();
    results.path("results").forEach(rows::add);
    checkWhole(results.path("stats"), rows.size());
    // So that the first repeat of a case is the first that was asked.
    rows.sort(Comparator.comparingInt(row -> row.path("testIdx").asInt(0)));
    var importing = new Importing(axes, KNOWN);
    var prompts = new HashMap<String, String>();
    var read = new ArrayList<Result>();
    for (var row : rows) {
      var label = row.path("provider").path("label").asString("");
      side(label, labels)
          .ifPresent(side -> {
            var prompt = row.path("promptId").asString("");
            if (!prompts.computeIfAbsent(label, _ -> prompt).equals(prompt)) {
              throw new UnreadableSuite(
                  "`" + label + "` was asked with several prompts; compare one at a time");
            }
            read.add(result(row, side, importing));
          });
    }
    if (prompts.values().stream().distinct().count() > 1) {
      throw new UnreadableSuite("the versions were asked with different prompts");
    }
    return Imported.whole("promptfoo " + version, read, List.copyOf(labels.keySet()));
  }

  private static void checkWhole(JsonNode stats, int rows) {
    long told =
        stats.path("successes").asLong(0)
            + stats.path("failures").asLong(0)
            + stats.path("errors").asLong(0);
    if (told != rows) {
      throw new UnreadableSuite(
          "it says that it holds " + told + " results, and holds " + rows + "; it is cut off");
    }
  }

  private static Optional<Side> side(String label, Map<Side, String> labels) {
    return labels.entrySet().stream()
        .filter(entry -> entry.getValue().equals(label))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static Result result(JsonNode row, Side side, Importing importing) {
    var metadata = row.path("metadata");
    var group = metadata.path("pluginId").asString("");
    if (group.isEmpty()) {
      group = "tests";
    }
    var caseId = metadata.path("caseId").asString("");
    if (caseId.isEmpty()) {
      caseId = Importing.named(CanonicalJson.text(row.path("vars")));
    }
    return new Result(
        side,
        group,
        importing.axis(group),
        caseId,
        importing.repeat(side, group, caseId),
        outcome(row),
        row.path("response").path("output").asString(""));
  }

  private static Outcome outcome(JsonNode row) {
    boolean success = row.path("success").asBoolean(false);
    return switch (row.path("failureReason").asInt(-1)) {
      case 0 -> {
        if (!success) {
          throw new UnreadableSuite("a row without a reason to fail has not succeeded");
        }
        yield Outcome.PASSED;
      }
      case 1 -> {
        if (success) {
          throw new UnreadableSuite("a row with a failed assertion has succeeded");
        }
        yield Outcome.FAILED;
      }
      case 2 -> Outcome.UNSCORED;
      default -> throw new UnreadableSuite("a row has a `failureReason` that is not known");
    };
  }
}
