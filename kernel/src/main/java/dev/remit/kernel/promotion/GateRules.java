package dev.remit.kernel.promotion;

import java.time.DateTimeException;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// By which limits a gate judges: the policy of one site, recorded with each result.
///
/// @param completenessMin least completeness of the evidence, in ten-thousandths
/// @param provenWithin how old a drill or an exercise may be
/// @param unusedPercentMax most of a grant's tools that may not have been used
/// @param retentionMin least time for which evidence is kept
/// @param telemetryMin least percent that must be visible of each of model, tool chain and secrets;
///   below 0 where a gate did not ask for that yet, nor for the control of changes
/// @param modelSafety whether what decides its identities must have been shown to answer safely;
///   false where a gate did not ask for that yet
public record GateRules(
    long completenessMin,
    Duration provenWithin,
    int unusedPercentMax,
    Duration retentionMin,
    int telemetryMin,
    boolean modelSafety) {

  public static final GateRules DEFAULT =
      new GateRules(9_900, Duration.ofDays(7), 50, Duration.ofDays(30), 30, true);

  public GateRules {
    if (completenessMin < 0 || completenessMin > 10_000) {
      throw new IllegalArgumentException("completeness is 0 to 10000, was " + completenessMin);
    }
    if (telemetryMin > 100) {
      throw new IllegalArgumentException("a percentage is at most 100, was " + telemetryMin);
    }
    if (unusedPercentMax < 0 || unusedPercentMax > 100) {
      throw new IllegalArgumentException("a percentage is 0 to 100, was " + unusedPercentMax);
    }
  }

  public ObjectNode toJson() {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("completenessMin", completenessMin)
            .put("provenWithin", provenWithin.toString())
            .put("unusedPercentMax", unusedPercentMax)
            .put("retentionMin", retentionMin.toString());
    if (telemetryMin >= 0) {
      json.put("telemetryMin", telemetryMin);
    }
    return modelSafety ? json.put("modelSafety", true) : json;
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static GateRules of(JsonNode json) {
    try {
      return new GateRules(
          json.path("completenessMin").asLong(-1),
          Duration.parse(json.path("provenWithin").asString("")),
          json.path("unusedPercentMax").asInt(-1),
          Duration.parse(json.path("retentionMin").asString("")),
          json.path("telemetryMin").asInt(-1),
          json.path("modelSafety").asBoolean(false));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("the rules of a gate cannot be read", e);
    }
  }
}
