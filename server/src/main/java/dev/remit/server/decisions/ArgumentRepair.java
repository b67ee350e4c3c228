package dev.remit.server.decisions;

import dev.remit.server.registry.Tool;
import dev.remit.server.registry.shape.Nearest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Mends arguments that break the reviewed schema of their tool where what was meant is plain: a
/// misspelled name, a number written as text, a word that is nearly one of those there are, a name
/// that nobody knows. Values are never made up but for a default or the only one that is allowed.
///
/// Members of members are left alone. What does not fit afterwards is no answer.
final class ArgumentRepair {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonNode properties;
  private final boolean isClosed;
  private final ObjectNode mended;

  private ArgumentRepair(JsonNode schema, ObjectNode sent) {
    this.properties = schema.path("properties");
    var more = schema.path("additionalProperties");
    this.isClosed = more.isBoolean() && !more.booleanValue();
    this.mended = sent.deepCopy();
  }

  /// Returns arguments that fit, or nothing.
  static Optional<ObjectNode> of(Tool tool, JsonNode sent, ArgumentCheck check) {
    if (!(sent instanceof ObjectNode object)) {
      return Optional.empty();
    }
    var repair = new ArgumentRepair(tool.inputSchema(), object);
    repair.names();
    repair.values();
    repair.missing(tool.inputSchema().path("required"));
    return check.problems(tool, repair.mended).isEmpty()
        ? Optional.of(repair.mended)
        : Optional.empty();
  }

  /// Gives what is not known the nearest known name that is free, and leaves it out where there is
  /// none.
  private void names() {
    if (!isClosed) {
      return;
    }
    for (var name : List.copyOf(mended.propertyNames())) {
      if (properties.has(name)) {
        continue;
      }
      var value = mended.remove(name);
      var free = new TreeSet<>(properties.propertyNames());
      free.removeAll(mended.propertyNames());
      Nearest.to(name, free).ifPresent(near -> mended.set(near, value));
    }
  }

  private void values() {
    for (var name : List.copyOf(mended.propertyNames())) {
      var schema = properties.path(name);
      fitting(schema, mended.get(name)).ifPresent(value -> mended.set(name, value));
    }
  }

  private void missing(JsonNode required) {
    for (var name : required) {
      var key = name.asString("");
      if (!mended.has(key)) {
        only(properties.path(key)).ifPresent(value -> mended.set(key, value));
      }
    }
  }

  private static Optional<JsonNode> only(JsonNode schema) {
    if (schema.has("default")) {
      return Optional.of(schema.get("default"));
    }
    if (schema.has("const")) {
      return Optional.of(schema.get("const"));
    }
    return schema.path("enum").size() == 1
        ? Optional.of(schema.get("enum").get(0))
        : Optional.empty();
  }

  /// Returns the value in the form that the schema asks for; empty where it has it, or where that
  /// is not plain.
  private static Optional<JsonNode> fitting(JsonNode schema, JsonNode value) {
    if (schema.path("enum").isArray() && value.isString()) {
      var words = new ArrayList<String>();
      schema.get("enum").forEach(word -> words.add(word.asString("")));
      return words.contains(value.stringValue())
          ? Optional.empty()
          : Nearest.to(value.stringValue(), words).map(NODES::stringNode);
    }
    return switch (schema.path("type").asString("")) {
      case "integer", "number" -> value.isString() ? number(value.stringValue()) : Optional.empty();
      case "boolean" -> value.isString() ? truth(value.stringValue()) : Optional.empty();
      case "string" ->
          value.isNumber() || value.isBoolean()
              ? Optional.of(NODES.stringNode(value.asString()))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<JsonNode> number(String text) {
    try {
      var number = new BigDecimal(text.strip());
      return Optional.of(
          number.stripTrailingZeros().scale() <= 0 && number.precision() - number.scale() <= 18
              ? NODES.numberNode(number.longValueExact())
              : NODES.numberNode(number));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<JsonNode> truth(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(NODES.booleanNode(true));
      case "false" -> Optional.of(NODES.booleanNode(false));
      default -> Optional.empty();
    };
  }
}
