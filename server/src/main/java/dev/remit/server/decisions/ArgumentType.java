package dev.remit.server.decisions;

import dev.remit.kernel.policy.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The Cedar type of a part of a tool's arguments, and how JSON from a stranger becomes a value of
/// it.
///
/// What has no exact Cedar form becomes [Value.Unknown], and a policy that looks at it is
/// undecided: a permit then permits nothing and a forbid forbids. So no odd number, broken text or
/// wrong type can turn a deny into an allow, and a policy that does not look is not disturbed.
///
/// Source: `docs/formats/policy.md`, "Arguments".
sealed interface ArgumentType {
  JsonMapper JSON = JsonMapper.shared();

  /// Elements that one array may hold.
  int ELEMENTS_MAX = 10_000;

  /// Returns the type in Cedar's JSON schema format.
  ObjectNode schema();

  /// Returns `json` as a value of this type, or [Value.Unknown] if it is not exactly one.
  Value read(JsonNode json);

  /// Whether everything in `json` is visible through this type.
  default boolean seesAll(JsonNode json) {
    return true;
  }

  record Text() implements ArgumentType {

    @Override
    public ObjectNode schema() {
      return JSON.createObjectNode().put("type", "String");
    }

    @Override
    public Value read(JsonNode json) {
      return json.isString() && isUnicode(json.stringValue())
          ? new Value.Text(json.stringValue())
          : Value.Unknown.UNKNOWN;
    }

    /// Cedar's strings are Unicode; half a surrogate pair is not.
    private static boolean isUnicode(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (Character.isHighSurrogate(text.charAt(i))
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else if (Character.isSurrogate(text.charAt(i))) {
          return false;
        }
      }
      return true;
    }
  }

  record Truth() implements ArgumentType {

    @Override
    public ObjectNode schema() {
      return JSON.createObjectNode().put("type", "Boolean");
    }

    @Override
    public Value read(JsonNode json) {
      return json.isBoolean() ? Value.Bool.of(json.booleanValue()) : Value.Unknown.UNKNOWN;
    }
  }

  /// A JSON Schema `integer` within 64 bits; `5.0` is one, as JSON Schema says.
  record Whole() implements ArgumentType {

    @Override
    public ObjectNode schema() {
      return JSON.createObjectNode().put("type", "Long");
    }

    @Override
    public Value read(JsonNode json) {
      return Exact.scaled(json, 0).<Value>map(Value.Whole::new).orElse(Value.Unknown.UNKNOWN);
    }
  }

  /// A JSON Schema `number` with up to four decimal places.
  record Decimal() implements ArgumentType {

    @Override
    public ObjectNode schema() {
      return JSON.createObjectNode().put("type", "Extension").put("name", "decimal");
    }

    @Override
    public Value read(JsonNode json) {
      return Exact.scaled(json, 4).<Value>map(Value.Decimal::new).orElse(Value.Unknown.UNKNOWN);
    }
  }

  /// An array, as a set: order and repeats are not visible.
  record SetOf(ArgumentType element) implements ArgumentType {

    @Override
    public ObjectNode schema() {
      var schema = JSON.createObjectNode().put("type", "Set");
      schema.set("element", element.schema());
      return schema;
    }

    @Override
    public Value read(JsonNode json) {
      if (!json.isArray() || json.size() > ELEMENTS_MAX) {
        return Value.Unknown.UNKNOWN;
      }
      List<Value> elements = new ArrayList<>(json.size());
      for (var each : json) {
        var value = element.read(each);
        if (value instanceof Value.Unknown) {
          // A set with a hole would answer `contains` wrongly.
          return value;
        }
        elements.add(value);
      }
      return Value.Several.of(elements);
    }

    @Override
    public boolean seesAll(JsonNode json) {
      for (var each : json) {
        if (!element.seesAll(each)) {
          return false;
        }
      }
      return true;
    }
  }

  /// An object with known members; others are not visible.
  record RecordOf(SortedMap<String, Member> members) implements ArgumentType {
    static final RecordOf EMPTY = new RecordOf(new TreeMap<>());

    /// One member.
    ///
    /// @param nullable whether `null` is allowed, which then means that it is absent
    record Member(ArgumentType type, boolean required, boolean nullable) {}

    @Override
    public ObjectNode schema() {
      var schema = JSON.createObjectNode().put("type", "Record");
      var attributes = schema.putObject("attributes");
      members.forEach((name, member) ->
          attributes.set(
              name, member.type.schema().put("required", member.required && !member.nullable)));
      return schema;
    }

    @Override
    public Value read(JsonNode json) {
      if (!json.isObject()) {
        return Value.Unknown.UNKNOWN;
      }
      var values = new HashMap<String, Value>();
      members.forEach((name, member) -> {
        var given = json.get(name);
        if (given != null && !(given.isNull() && member.nullable)) {
          values.put(name, member.type.read(given));
        }
      });
      return Value.Members.of(values);
    }

    @Override
    public boolean seesAll(JsonNode json) {
      for (var given : json.properties()) {
        var member = members.get(given.getKey());
        if (member == null || !member.type.seesAll(given.getValue())) {
          return false;
        }
      }
      return true;
    }
  }
}
