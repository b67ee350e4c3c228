package dev.remit.kernel.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads values in Cedar's JSON format for entities and context: the escapes `__entity` and
/// `__extn` are honoured, so it is for trusted text only and never for the arguments of a call.
///
/// Source: Cedar reference, "Entities and context: JSON format".
public final class ValueJson {

  private ValueJson() {}

  /// Reads one value.
  ///
  /// @throws UnreadablePolicy if `json` is not a Cedar value
  public static Value read(JsonNode json) {
    if (json.isBoolean()) {
      return Value.Bool.of(json.booleanValue());
    }
    if (json.isString()) {
      return new Value.Text(json.stringValue());
    }
    if (json.isIntegralNumber() && json.canConvertToLong()) {
      return new Value.Whole(json.longValue());
    }
    if (json.isArray()) {
      return Value.Several.of(all(json));
    }
    if (json.isObject()) {
      return object(json);
    }
    throw new UnreadablePolicy("a value of kind " + json.getNodeType() + " is no Cedar value");
  }

  private static Value object(JsonNode json) {
    if (json.size() == 1 && json.has("__entity")) {
      return new Value.Entity(CedarJson.entityUid(json));
    }
    if (json.size() == 1 && json.has("__extn")) {
      return extension(json.get("__extn"));
    }
    var members = new HashMap<String, Value>();
    json.properties().forEach(member -> members.put(member.getKey(), read(member.getValue())));
    return Value.Members.of(members);
  }

  private static Value extension(JsonNode json) {
    var function = Extension.named(CedarJson.text(json, "fn"));
    var arguments = json.has("args") ? all(json.get("args")) : List.of(read(json.path("arg")));
    if (function == null || !function.takes(arguments.size())) {
      throw new UnreadablePolicy("`" + CedarJson.text(json, "fn") + "` makes no extension value");
    }
    try {
      return function.apply(arguments.toArray(Value[]::new));
    } catch (Fault fault) {
      throw new UnreadablePolicy(fault.getMessage());
    }
  }

  private static List<Value> all(JsonNode array) {
    var found = new ArrayList<Value>();
    array.forEach(element -> found.add(read(element)));
    return found;
  }
}
