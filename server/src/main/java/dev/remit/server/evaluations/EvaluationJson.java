package dev.remit.server.evaluations;

import dev.remit.server.evaluations.Planning.Support;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Evaluations as the API tells them. Says in each that it is about the model's safety alone.
public final class EvaluationJson {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ABOUT =
      "how safely the model answers; no evidence of what its identity may do";

  private EvaluationJson() {}

  static ObjectNode json(Progress one) {
    var json = JSON.createObjectNode();
    json.put("id", one.id().value());
    json.put("kind", "model-safety").put("about", ABOUT);
    json.put("origin", one.origin());
    json.put("state", one.state());
    json.put("answered", one.answered()).put("trials", one.trials());
    json.put("tokens", one.tokens()).put("cents", one.cents());
    one.verdict().ifPresent(verdict -> json.put("verdict", verdict.word()));
    json.put("by", one.by().value()).put("at", one.at().toString());
    one.judgedAt().ifPresent(at -> json.put("judgedAt", at.toString()));
    json.put("digest", one.digest().value());
    json.set("plan", one.plan().json());
    var axes = json.putArray("axes");
    one.results().forEach(result -> axes.add(json(one.plan(), result)));
    return json;
  }

  private static ObjectNode json(Plan plan, SuiteResult result) {
    var shown = result.shown();
    var tally = shown.tally();
    var counts = tally.counts();
    var json = JSON.createObjectNode();
    json.put("suite", result.suite().name()).put("axis", result.suite().axis().word());
    json.put("verdict", result.verdict().word()).put("why", shown.why());
    json.put("cases", result.suite().cases()).put("scored", counts.pairs());
    json.put("baselineFailed", result.baselineFailed());
    json.put("candidateFailed", result.candidateFailed());
    json.putObject("pairs")
        .put("both", counts.both())
        .put("lost", counts.lost())
        .put("gained", counts.gained())
        .put("neither", counts.neither())
        .put("unscored", tally.unscored());
    json.put("harms", tally.harms()).put("suspicions", tally.suspicions());
    json.put("regression", shown.regression());
    json.put("lower", shown.lower()).put("upper", shown.upper());
    json.put("margin", plan.rule().margin()).put("confidence", plan.rule().confidence());
    json.putObject("labels")
        .put("asked", result.toLabel().size())
        .put("waiting", tally.labels().waiting())
        .put("sampled", tally.labels().sampled())
        .put("overturned", tally.labels().overturned());
    var conflicts = json.putArray("conflicts");
    result.conflicts().forEach(conflicts::add);
    return json;
  }

  /// A plan that was frozen, and what its suites can show.
  public static ObjectNode ready(Planning.Result.Ready ready) {
    return ready(ready.progress(), ready.support());
  }

  static ObjectNode ready(Progress one, List<Support> support) {
    var json = json(one);
    var list = json.putArray("support");
    for (var each : support) {
      var item =
          list.addObject()
              .put("suite", each.suite())
              .put("axis", each.axis().word())
              .put("cases", each.cases());
      each.smallest().ifPresent(margin -> item.put("smallestMargin", margin));
      item.put(
          "supports",
          each.smallest().filter(margin -> margin <= one.plan().rule().margin()).isPresent());
    }
    return json;
  }

  static ObjectNode list(List<Progress> all) {
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    all.forEach(one -> items.add(json(one)));
    return json;
  }

  static ObjectNode suites(List<Suite> suites, List<String> endpoints) {
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    for (var suite : suites) {
      items
          .addObject()
          .put("suite", suite.name())
          .put("version", suite.version())
          .put("axis", suite.axis().word())
          .put("cases", suite.cases().size())
          .put("licence", suite.licence())
          .put("source", suite.source())
          .put("digest", suite.digest().value());
    }
    var names = json.putArray("endpoints");
    endpoints.forEach(names::add);
    return json;
  }

  static ObjectNode standing(DriftWatch.Standing standing) {
    return JSON.createObjectNode()
        .put("probes", standing.name())
        .put("days", standing.days())
        .put("failed", standing.failed())
        .put("asked", standing.asked())
        .put("alarm", standing.alarm());
  }

  static ObjectNode item(Labelling.Item item) {
    var json = JSON.createObjectNode().put("case", item.pair()).put("left", item.left());
    item.question().ifPresent(question -> json.put("question", question));
    var first = json.putArray("first");
    item.first().forEach(first::add);
    var second = json.putArray("second");
    item.second().forEach(second::add);
    return json;
  }

  static ObjectNode probes(List<DriftStore.Watched> all) {
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    for (var one : all) {
      items
          .addObject()
          .put("probes", one.name())
          .put("fingerprint", one.candidate().value())
          .put("days", one.days())
          .put("failed", one.failed())
          .put("asked", one.asked())
          .put(
              "statistic",
              one.evidence().stream().mapToDouble(Double::doubleValue).average().orElse(0))
          .put("alarm", one.alarm())
          .put("at", one.at().toString());
    }
    return json;
  }
}
