package dev.remit.server.registry;

import dev.remit.server.registry.shape.ShapeSchema;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The published JSON Schema of a manifest: which shape follows from its `kind`.
final class ManifestSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ManifestSchema() {}

  static ObjectNode schema() {
    var schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", "https://remit.dev/schema/manifest.schema.json");
    schema.put("title", "Remit manifest");
    schema.put("type", "object");
    var properties = schema.putObject("properties");
    var titles = properties.putObject("kind").putArray("enum");
    schema.putArray("required").add("apiVersion").add("kind").add("metadata").add("spec");
    var choices = schema.putArray("allOf");
    var definitions = JSON.objectNode();
    for (var kind : Kind.values()) {
      titles.add(kind.title());
      definitions.set(kind.title(), ShapeSchema.of(ManifestShapes.document(kind)));
      choices.add(choice(kind));
    }
    schema.set("$defs", definitions);
    return schema;
  }

  private static ObjectNode choice(Kind kind) {
    var choice = JSON.objectNode();
    var condition = choice.putObject("if");
    condition.putObject("properties").putObject("kind").put("const", kind.title());
    condition.putArray("required").add("kind");
    choice.putObject("then").put("$ref", "#/$defs/" + kind.title());
    return choice;
  }
}
