package dev.remit.server.export.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Judges events by the OCSF schema: attributes that are unknown, missing, of another type or out
/// of their enumeration, profiles that were not announced, and constraints that are broken.
///
/// The facts are those of ocsf/ocsf-schema at 1.8.0, in `src/test/resources/ocsf/1.8.0.json`.
final class OcsfSchema {
  private static final Set<String> ANYTHING = Set.of("object", "json_t");
  private final JsonNode schema;

  OcsfSchema() {
    try (var file = OcsfSchema.class.getResourceAsStream("/ocsf/1.8.0.json")) {
      schema = JsonMapper.shared().readTree(Objects.requireNonNull(file));
    } catch (IOException e) {
      throw new UncheckedIOException("read the schema", e);
    }
  }

  /// Returns what is wrong with `event`; nothing if it is valid.
  List<String> mistakes(JsonNode event) {
    var uid = event.path("class_uid").asString("");
    var type = schema.path("classes").path(uid);
    if (type.isMissingNode()) {
      return List.of("class `" + uid + "` is not in the table");
    }
    var mistakes = new ArrayList<String>();
    var profiles = new TreeSet<String>();
    event.at("/metadata/profiles").forEach(profile -> profiles.add(profile.stringValue()));
    object(type.path("name").stringValue(), type, event, profiles, mistakes);
    long expected =
        event.path("class_uid").longValue() * 100 + event.path("activity_id").longValue();
    if (event.path("type_uid").longValue() != expected) {
      mistakes.add("type_uid is not " + expected);
    }
    return mistakes;
  }

  private void object(
      String path, JsonNode type, JsonNode value, Set<String> profiles, List<String> mistakes) {
    if (!value.isObject()) {
      mistakes.add(path + " is not an object");
      return;
    }
    var attributes = type.path("attributes");
    for (var member : value.properties()) {
      var attribute = attributes.path(member.getKey());
      var profile = attribute.path("profile").asString("");
      if (attribute.isMissingNode()) {
        mistakes.add(path + " has no attribute `" + member.getKey() + "`");
      } else if (!profile.isEmpty() && !profiles.contains(profile)) {
        mistakes.add(path + "." + member.getKey() + " needs the profile " + profile);
      } else {
        attribute(path + "." + member.getKey(), attribute, member.getValue(), profiles, mistakes);
      }
    }
    for (var attribute : attributes.properties()) {
      if (attribute.getValue().path("required").asBoolean(false)
          && !value.has(attribute.getKey())) {
        mistakes.add(path + " lacks `" + attribute.getKey() + "`");
      }
    }
    var oneOf = type.path("constraints").path("at_least_one");
    if (!oneOf.isEmpty() && oneOf.valueStream().noneMatch(name -> value.has(name.stringValue()))) {
      mistakes.add(path + " has none of " + oneOf);
    }
  }

  private void attribute(
      String path,
      JsonNode attribute,
      JsonNode value,
      Set<String> profiles,
      List<String> mistakes) {
    if (attribute.path("array").asBoolean(false)) {
      if (!value.isArray()) {
        mistakes.add(path + " is not an array");
      }
      value.forEach(one -> single(path + "[]", attribute, one, profiles, mistakes));
    } else {
      single(path, attribute, value, profiles, mistakes);
    }
  }

  private void single(
      String path,
      JsonNode attribute,
      JsonNode value,
      Set<String> profiles,
      List<String> mistakes) {
    var type = attribute.path("type").stringValue();
    var nested = schema.path("objects").path(type);
    boolean right =
        switch (type) {
          case "integer_t" -> value.isInt();
          case "long_t", "timestamp_t" -> value.isIntegralNumber();
          case "boolean_t" -> value.isBoolean();
          case "float_t" -> value.isNumber();
          default -> ANYTHING.contains(type) || !nested.isMissingNode() || isText(type, value);
        };
    if (!right) {
      mistakes.add(path + " is no " + type + ": " + value);
    }
    if (!nested.isMissingNode()) {
      object(path, nested, value, profiles, mistakes);
    }
    var values = attribute.path("values");
    if (!values.isEmpty()
        && values.valueStream().noneMatch(one -> one.stringValue().equals(value.asString()))) {
      mistakes.add(path + " is not one of " + values + ": " + value);
    }
  }

  private static boolean isText(String type, JsonNode value) {
    return type.endsWith("_t") && value.isString();
  }
}
