package dev.remit.server.registry.shape;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Says a [Shape] as JSON Schema, for editors and for whoever generates documents.
///
/// It says less than [ShapeReader] checks: a text's own check is only there as far as its pattern
/// goes, and «nothing comes twice» of a set of mappings is not.
///
/// Source: JSON Schema, draft 2020-12.
public final class ShapeSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ShapeSchema() {}

  public static ObjectNode of(Shape shape) {
    return switch (shape) {
      case Shape.Text text -> text(text);
      case Shape.OneWord(var words) -> words(words);
      case Shape.Count(var min, var max) -> type("integer").put("minimum", min).put("maximum", max);
      case Shape.Moment() ->
          type("string")
              .put("pattern", "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}|Z|[+-]).*)?$");
      case Shape.ListOf(var item, var min, var max) -> list(item, min, max);
      case Shape.SetOf(var item, var min, var max) -> list(item, min, max).put("uniqueItems", true);
      case Shape.MapOf map -> map(map);
      case Shape.Fields(var fields) -> fields(fields);
      case Shape.Choice(var variants) ->
          properties(variants).put("minProperties", 1).put("maxProperties", 1);
      case Shape.TextOr(var text, var fields) -> either(of(text), of(fields));
      case Shape.Open _ -> type("object");
    };
  }

  private static ObjectNode text(Shape.Text text) {
    var schema =
        type("string").put("minLength", text.lengthMin()).put("maxLength", text.lengthMax());
    return text.pattern().isEmpty() ? schema : schema.put("pattern", text.pattern());
  }

  private static ObjectNode words(List<String> words) {
    var schema = JSON.objectNode();
    words.forEach(schema.putArray("enum")::add);
    return schema;
  }

  private static ObjectNode list(Shape item, int min, int max) {
    var schema = type("array").put("minItems", min).put("maxItems", max);
    schema.set("items", of(item));
    return schema;
  }

  private static ObjectNode map(Shape.MapOf map) {
    var schema = type("object").put("maxProperties", map.sizeMax());
    schema.set("propertyNames", text(map.name()));
    schema.set("additionalProperties", of(map.value()));
    return schema;
  }

  private static ObjectNode fields(List<Field> fields) {
    var schema = properties(fields);
    var required = JSON.arrayNode();
    fields.stream().filter(Field::required).map(Field::name).forEach(required::add);
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static ObjectNode properties(List<Field> fields) {
    var schema = type("object");
    var properties = schema.putObject("properties");
    for (var field : fields) {
      var property = of(field.shape()).put("description", field.meaning());
      field.fallback().ifPresent(value -> property.set("default", value));
      properties.set(field.name(), property);
    }
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode either(ObjectNode one, ObjectNode other) {
    var schema = JSON.objectNode();
    schema.putArray("oneOf").add(one).add(other);
    return schema;
  }

  private static ObjectNode type(String type) {
    return JSON.objectNode().put("type", type);
  }
}
