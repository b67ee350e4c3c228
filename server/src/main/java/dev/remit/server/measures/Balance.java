package dev.remit.server.measures;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What one kind of control costs, beside what it brings. The two are never added up: hours of
/// waiting and tools out of reach have no common unit, and which matters more is for people to say.
///
/// @param name such as `beta-controls`
/// @param asks the question that it answers
record Balance(String name, String asks, List<Figure> costs, List<Figure> brings) {
  Balance {
    costs = List.copyOf(costs);
    brings = List.copyOf(brings);
  }

  ObjectNode json() {
    var json = JsonMapper.shared().createObjectNode();
    json.put("balance", name).put("asks", asks);
    fill(json, "costs", costs);
    fill(json, "brings", brings);
    return json;
  }

  private static void fill(ObjectNode json, String name, List<Figure> figures) {
    var array = json.putArray(name);
    for (var figure : figures) {
      var one = array.addObject().put("figure", figure.name());
      figure.value().ifPresent(value -> one.put("value", Math.round(value * 100) / 100.0));
      one.put("unit", figure.unit()).put("says", figure.says());
    }
  }
}
