package dev.remit.server.decisions;

import dev.remit.kernel.policy.Condition;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Trace.Truth;
import dev.remit.server.registry.shape.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Which policies, and which of their conditions, requests have exercised.
///
/// What there is to see: of each policy that it is satisfied; of each condition, and of each
/// operand of `&&` and `||` within it, that it is true and that it is false. What has the same
/// answer for every request is left out. A condition that is not reached is not seen.
final class PolicyCoverage {
  private final Map<PolicyId, Seen> seen = new LinkedHashMap<>();
  private final BiFunction<PolicyId, String, Place> places;

  /// What was seen of one policy.
  private static final class Seen {
    final Policy policy;
    final List<Condition> conditions;
    final int[] trues;
    final int[] falses;
    int satisfied;

    Seen(Policy policy) {
      this.policy = policy;
      this.conditions = policy.conditions();
      this.trues = new int[conditions.size()];
      this.falses = new int[conditions.size()];
    }

    void add(Request request, Entities entities) {
      var trace = policy.trace(request, entities);
      if (trace.covers() && trace.truth() == Truth.TRUE) {
        satisfied++;
      }
      for (var step : trace.steps()) {
        switch (step.truth()) {
          case TRUE -> trues[step.condition().place()]++;
          case FALSE -> falses[step.condition().place()]++;
          case FAILED, UNDECIDED -> {}
        }
      }
    }
  }

  /// @param places tells where a policy's condition stands, by its Cedar text; the policy itself
  ///   for an empty one
  PolicyCoverage(PolicySet policies, BiFunction<PolicyId, String, Place> places) {
    this.places = places;
    policies.policies().forEach(policy -> seen.put(policy.id(), new Seen(policy)));
  }

  void add(Request request, Entities entities) {
    seen.values().forEach(one -> one.add(request, entities));
  }

  /// Returns the figures and, policy by policy, what no request has shown.
  ObjectNode toJson() {
    var json = JsonMapper.shared().createObjectNode();
    int all = 0;
    int found = 0;
    var policies = JsonMapper.shared().createArrayNode();
    for (var one : seen.values()) {
      var missing = missing(one);
      int goals = goals(one);
      all += goals;
      found += goals - missing.size();
      var policy = policies.addObject();
      policy.put("policy", one.policy.id().value());
      place(policy, places.apply(one.policy.id(), ""));
      policy.put("satisfied", one.satisfied);
      policy.put("seen", goals - missing.size());
      policy.put("of", goals);
      var open = policy.putArray("missing");
      missing.forEach(open::add);
    }
    json.put("seen", found);
    json.put("of", all);
    json.put("percent", all == 0 ? 100 : found * 100 / all);
    json.set("policies", policies);
    return json;
  }

  private static int goals(Seen one) {
    return 1 + 2 * (int) one.conditions.stream().filter(each -> !each.constant()).count();
  }

  private List<ObjectNode> missing(Seen one) {
    var missing = new ArrayList<ObjectNode>();
    if (one.satisfied == 0) {
      missing.add(missing(one, "", "satisfied"));
    }
    for (var condition : one.conditions) {
      if (!condition.constant() && one.trues[condition.place()] == 0) {
        missing.add(missing(one, condition.text(), "true"));
      }
      if (!condition.constant() && one.falses[condition.place()] == 0) {
        missing.add(missing(one, condition.text(), "false"));
      }
    }
    return missing;
  }

  private ObjectNode missing(Seen one, String condition, String never) {
    var json = JsonMapper.shared().createObjectNode();
    json.put("condition", condition);
    json.put("never", never);
    place(json, places.apply(one.policy.id(), condition));
    return json;
  }

  private static void place(ObjectNode json, Place place) {
    json.put("file", place.file()).put("line", place.line());
  }
}
