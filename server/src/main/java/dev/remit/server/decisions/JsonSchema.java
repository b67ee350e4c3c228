package dev.remit.server.decisions;

import dev.remit.server.decisions.ArgumentType.RecordOf;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Reads from a tool's JSON Schema what of its arguments policy can see. What it does not
/// understand it leaves out: policy then cannot name it, and validation says so when somebody
/// tries.
final class JsonSchema {
  /// How deep the visible part may nest.
  static final int DEPTH_MAX = 8;

  /// How many members the visible part may have altogether.
  static final int MEMBERS_MAX = 500;

  /// Names that Cedar's JSON form of values reserves; a member called so is not visible.
  private static final Set<String> RESERVED = Set.of("__entity", "__extn", "__expr");

  private final JsonNode root;
  private int members;

  private JsonSchema(JsonNode root) {
    this.root = root;
  }

  /// Returns the type of the arguments that `inputSchema` describes; without visible members where
  /// it describes none.
  static RecordOf arguments(JsonNode inputSchema) {
    var read = new JsonSchema(inputSchema).type(inputSchema, 0);
    return read.isPresent() && read.get().type instanceof RecordOf record ? record : RecordOf.EMPTY;
  }

  private record Read(ArgumentType type, boolean nullable) {}

  private Optional<Read> type(JsonNode schema, int depth) {
    if (depth > DEPTH_MAX || !schema.isObject() || schema.has("allOf") || schema.has("not")) {
      return Optional.empty();
    }
    if (schema.has("$ref")) {
      return resolved(schema.get("$ref").asString("")).flatMap(target -> type(target, depth + 1));
    }
    for (var choice : Set.of("anyOf", "oneOf")) {
      if (schema.has(choice)) {
        return onlyOrNull(schema.get(choice), depth);
      }
    }
    var types = types(schema);
    boolean nullable = types.remove("null");
    return types.size() != 1
        ? Optional.empty()
        : plain(types.iterator().next(), schema, depth).map(type -> new Read(type, nullable));
  }

  /// A choice between one type and `null`, which is how many generators write what is optional.
  private Optional<Read> onlyOrNull(JsonNode choices, int depth) {
    Optional<Read> only = Optional.empty();
    boolean nullable = false;
    for (var choice : choices) {
      if ("null".equals(choice.path("type").asString(""))) {
        nullable = true;
      } else if (only.isPresent()) {
        return Optional.empty();
      } else {
        only = type(choice, depth + 1);
        if (only.isEmpty()) {
          return only;
        }
      }
    }
    boolean orNull = nullable;
    return only.map(read -> new Read(read.type, read.nullable || orNull));
  }

  private static Set<String> types(JsonNode schema) {
    var found = new HashSet<String>();
    var type = schema.path("type");
    if (type.isString()) {
      found.add(type.stringValue());
    } else if (type.isArray()) {
      type.forEach(each -> found.add(each.asString("")));
    } else if (schema.has("const")) {
      found.add(typeOf(schema.get("const")));
    } else if (schema.path("enum").isArray()) {
      schema.get("enum").forEach(each -> found.add(typeOf(each)));
    } else if (schema.has("properties")) {
      found.add("object");
    }
    return found;
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case ARRAY, BINARY, MISSING, OBJECT, POJO -> "opaque";
    };
  }

  private Optional<ArgumentType> plain(String type, JsonNode schema, int depth) {
    return switch (type) {
      case "string" -> Optional.of(new ArgumentType.Text());
      case "boolean" -> Optional.of(new ArgumentType.Truth());
      case "integer" -> Optional.of(new ArgumentType.Whole());
      case "number" -> Optional.of(new ArgumentType.Decimal());
      case "array" ->
          type(schema.path("items"), depth + 1)
              .filter(read -> !read.nullable)
              .map(read -> new ArgumentType.SetOf(read.type));
      case "object" -> schema.has("properties") ? object(schema, depth) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Optional<ArgumentType> object(JsonNode schema, int depth) {
    var required = new HashSet<String>();
    schema.path("required").forEach(name -> required.add(name.asString("")));
    var found = new TreeMap<String, RecordOf.Member>();
    for (var property : schema.get("properties").properties()) {
      var name = property.getKey();
      if (RESERVED.contains(name) || ++members > MEMBERS_MAX) {
        continue;
      }
      type(property.getValue(), depth + 1)
          .ifPresent(read ->
              found.put(
                  name, new RecordOf.Member(read.type, required.contains(name), read.nullable)));
    }
    return Optional.of(new RecordOf(found));
  }

  private Optional<JsonNode> resolved(String reference) {
    if (!reference.startsWith("#/")) {
      return Optional.empty();
    }
    var found = root.at(reference.substring(1));
    return found.isMissingNode() ? Optional.empty() : Optional.of(found);
  }
}
