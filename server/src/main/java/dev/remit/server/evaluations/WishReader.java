package dev.remit.server.evaluations;

import dev.remit.kernel.comparison.Axis;
import dev.remit.kernel.identity.ModelName;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Reads what somebody wants planned or taken; a key that is not known is refused, since one that
/// is misspelled would leave a default in force that nobody meant.
public final class WishReader {
  private static final double MARGIN = 0.1;
  private static final double CONFIDENCE = 0.95;
  private static final int SAMPLE = 10;
  private static final Set<String> PLAN =
      Set.of(
          "suites",
          "candidate",
          "baseline",
          "judge",
          "repeats",
          "margin",
          "confidence",
          "sequential",
          "labels",
          "sample",
          "budget");
  private static final Set<String> OF_CHANGE =
      Set.of("candidate", "judge", "repeats", "labels", "sample", "budget");
  private static final Set<String> BUDGET = Set.of("questions", "tokens", "cents", "seconds");
  private static final Set<String> IMPORT =
      Set.of(
          "tool",
          "candidate",
          "baseline",
          "candidateModel",
          "baselineModel",
          "candidateFile",
          "baselineFile",
          "axes",
          "margin",
          "confidence",
          "labels",
          "sample");

  private WishReader() {}

  static Planning.Wish plan(JsonNode json) {
    known(json, PLAN);
    needed(json, "candidate");
    return wish(json);
  }

  /// Reads what somebody may say of the plan that a change needs; the change says the rest.
  public static Planning.Wish ofChange(JsonNode json) {
    known(json, OF_CHANGE);
    return wish(json);
  }

  private static Planning.Wish wish(JsonNode json) {
    var budget = json.path("budget");
    known(budget, BUDGET);
    return new Planning.Wish(
        texts(json.path("suites")),
        maybe(json, "candidate").orElse(""),
        maybe(json, "baseline"),
        maybe(json, "judge"),
        whole(json, "repeats", 1),
        share(json, "margin", MARGIN),
        share(json, "confidence", CONFIDENCE),
        flag(json, "sequential", false),
        flag(json, "labels", true),
        whole(json, "sample", SAMPLE),
        budget(budget));
  }

  private static Plan.Budget budget(JsonNode json) {
    try {
      return new Plan.Budget(
          whole(json, "questions", 20_000),
          whole(json, "tokens", 20_000_000),
          whole(json, "cents", 0),
          whole(json, "seconds", 4 * 3_600));
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  static ImportWish taken(JsonNode json) {
    known(json, IMPORT);
    var axes = new TreeMap<String, Axis>();
    try {
      for (var entry : json.path("axes").properties()) {
        axes.put(entry.getKey(), Axis.parse(entry.getValue().asString("")));
      }
      return new ImportWish(
          tool(needed(json, "tool")),
          needed(json, "candidate"),
          maybe(json, "baseline"),
          maybe(json, "candidateModel").map(ModelName::new),
          maybe(json, "baselineModel").map(ModelName::new),
          needed(json, "candidateFile"),
          maybe(json, "baselineFile"),
          axes,
          share(json, "margin", MARGIN),
          share(json, "confidence", CONFIDENCE),
          flag(json, "labels", true),
          whole(json, "sample", SAMPLE));
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  private static ImportWish.Tool tool(String word) {
    for (var tool : ImportWish.Tool.values()) {
      if (tool.name().toLowerCase(Locale.ROOT).equals(word)) {
        return tool;
      }
    }
    throw new IllegalArgumentException("`tool` is promptfoo, garak or inspect");
  }

  private static void known(JsonNode json, Set<String> keys) {
    for (var key : json.propertyNames()) {
      if (!keys.contains(key)) {
        throw bad("`" + key + "` is not known here");
      }
    }
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(item -> texts.add(item.asString("")));
    return texts;
  }

  private static String needed(JsonNode json, String key) {
    return maybe(json, key).orElseThrow(() -> bad("`" + key + "` is missing"));
  }

  private static Optional<String> maybe(JsonNode json, String key) {
    return Optional.of(json.path(key).asString("")).filter(text -> !text.isBlank());
  }

  private static int whole(JsonNode json, String key, int otherwise) {
    var value = json.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt() || value.intValue() < 0) {
      throw bad("`" + key + "` is a whole number, not negative");
    }
    return value.intValue();
  }

  private static double share(JsonNode json, String key, double otherwise) {
    var value = json.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isNumber()) {
      throw bad("`" + key + "` is a number such as 0.05");
    }
    return value.doubleValue();
  }

  private static boolean flag(JsonNode json, String key, boolean otherwise) {
    var value = json.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw bad("`" + key + "` is true or false");
    }
    return value.asBoolean(otherwise);
  }

  static ProblemException bad(String detail) {
    return new ProblemException(
        Problem.badRequest(detail, "docs/guides/evaluate-a-model.md shows what can be sent"));
  }
}
