package dev.remit.conformance.harness;

import tools.jackson.databind.json.JsonMapper;

/// Writes down what evaluations elsewhere have said, for agents behind which no model answers here.
public final class Elsewhere {
  private Elsewhere() {}

  /// Has `person` say of every change on record that all it needs has passed.
  public static void passed(Operator person) {
    for (var change : person.get("/v1/changes").path("items")) {
      for (var suite : change.path("suites")) {
        person.post(
            "/v1/changes/" + change.path("id").asString("") + "/evaluations",
            JsonMapper.shared()
                .createObjectNode()
                .put("suite", suite.asString(""))
                .put("run", "report 7")
                .put("verdict", "pass"));
      }
    }
  }
}
