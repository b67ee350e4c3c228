package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Axis;
import dev.remit.kernel.comparison.ComparisonRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Everything that decides what an evaluation may conclude, fixed before its first question.
///
/// @param suites never empty
/// @param baseline empty: each case counts as if the baseline had passed it
/// @param repeats how often each version answers each case, 1 to 20; a version passes a case if it
///   passes every repeat
/// @param judge who is asked where a case has a model as its judge
/// @param sequential stop as soon as it is shown, at any time; the bound is then a wager's
/// @param labels whether people label every case in which the versions differ, and a sample
/// @param sample how many of the cases of a suite in which they do not
public record Plan(
    List<PlannedSuite> suites,
    Version candidate,
    Optional<Version> baseline,
    int repeats,
    ComparisonRule rule,
    Optional<Version> judge,
    boolean sequential,
    boolean labels,
    int sample,
    Budget budget) {
  private static final int FORMAT = 1;

  public Plan {
    suites = List.copyOf(suites);
    if (suites.isEmpty()) {
      throw new IllegalArgumentException("a plan names at least one suite");
    }
    if (repeats < 1 || repeats > 20) {
      throw new IllegalArgumentException("`repeats` is 1 to 20, was " + repeats);
    }
    if (sample < 0 || sample > 1_000) {
      throw new IllegalArgumentException("`sample` is 0 to 1000, was " + sample);
    }
  }

  /// A suite as it was when the plan was made.
  public record PlannedSuite(String name, String version, Axis axis, Digest digest, int cases) {
    static PlannedSuite of(Suite suite) {
      return new PlannedSuite(
          suite.name(), suite.version(), suite.axis(), suite.digest(), suite.cases().size());
    }
  }

  /// Whom the questions go to.
  ///
  /// @param endpoint its name in the configuration, or where results come from
  /// @param model the name on the wire
  /// @param fingerprint of the declared model; where none is declared, of where and what is asked
  public record Version(String endpoint, String model, Digest fingerprint) {}

  /// What a run may cost; whatever is reached first stops it.
  ///
  /// @param questions to both versions and the judge
  /// @param tokens in and out
  /// @param cents by the prices that are configured for the endpoints
  /// @param seconds from its start, pauses included
  public record Budget(long questions, long tokens, long cents, long seconds) {
    public Budget {
      if (questions < 1 || tokens < 1 || cents < 0 || seconds < 1) {
        throw new IllegalArgumentException(
            "a budget allows at least one question, token and second");
      }
    }
  }

  /// Pairs that a run compares, over all suites.
  public int cases() {
    return suites.stream().mapToInt(PlannedSuite::cases).sum();
  }

  /// Returns the digest that is recorded before the run.
  public Digest digest() {
    return CanonicalJson.digest(json());
  }

  String text() {
    return CanonicalJson.text(json());
  }

  ObjectNode json() {
    var json = JsonMapper.shared().createObjectNode();
    json.put("v", FORMAT);
    var list = json.putArray("suites");
    for (var suite : suites) {
      list.addObject()
          .put("suite", suite.name())
          .put("version", suite.version())
          .put("axis", suite.axis().word())
          .put("digest", suite.digest().value())
          .put("cases", suite.cases());
    }
    json.set("candidate", version(candidate));
    baseline.ifPresent(version -> json.set("baseline", version(version)));
    judge.ifPresent(version -> json.set("judge", version(version)));
    json.put("repeats", repeats);
    json.put("margin", decimal(rule.margin()));
    json.put("confidence", decimal(rule.confidence()));
    json.put("unscoredMax", decimal(rule.unscoredMax()));
    json.put("sequential", sequential);
    json.put("labels", labels);
    json.put("sample", sample);
    json.putObject("budget")
        .put("questions", budget.questions())
        .put("tokens", budget.tokens())
        .put("cents", budget.cents())
        .put("seconds", budget.seconds());
    return json;
  }

  /// Reads what [#text] wrote.
  static Plan parse(String text) {
    var json = CanonicalJson.parse(text);
    if (json.path("v").asInt(0) != FORMAT) {
      throw new IllegalArgumentException("a plan of a format that is not known");
    }
    var suites = new ArrayList<PlannedSuite>();
    for (var suite : json.path("suites")) {
      suites.add(
          new PlannedSuite(
              suite.path("suite").asString(""),
              suite.path("version").asString(""),
              Axis.parse(suite.path("axis").asString("")),
              new Digest(suite.path("digest").asString("")),
              suite.path("cases").asInt(0)));
    }
    var budget = json.path("budget");
    return new Plan(
        suites,
        version(json.path("candidate")),
        json.has("baseline") ? Optional.of(version(json.path("baseline"))) : Optional.empty(),
        json.path("repeats").asInt(0),
        new ComparisonRule(
            number(json, "margin"), number(json, "confidence"), number(json, "unscoredMax")),
        json.has("judge") ? Optional.of(version(json.path("judge"))) : Optional.empty(),
        json.path("sequential").asBoolean(false),
        json.path("labels").asBoolean(false),
        json.path("sample").asInt(0),
        new Budget(
            budget.path("questions").asLong(0),
            budget.path("tokens").asLong(0),
            budget.path("cents").asLong(0),
            budget.path("seconds").asLong(0)));
  }

  private static ObjectNode version(Version version) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("endpoint", version.endpoint())
        .put("model", version.model())
        .put("fingerprint", version.fingerprint().value());
  }

  private static Version version(JsonNode json) {
    return new Version(
        json.path("endpoint").asString(""),
        json.path("model").asString(""),
        new Digest(json.path("fingerprint").asString("")));
  }

  private static double number(JsonNode json, String key) {
    return Double.parseDouble(json.path(key).asString("NaN"));
  }

  private static String decimal(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
