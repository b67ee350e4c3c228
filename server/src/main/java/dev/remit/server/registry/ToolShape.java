package dev.remit.server.registry;

import static dev.remit.server.registry.ManifestTexts.DATA_CLASSES;
import static dev.remit.server.registry.ManifestTexts.NAME;
import static dev.remit.server.registry.ManifestTexts.checked;
import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.ToolName;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.Open;
import dev.remit.server.registry.shape.Shape.SetOf;
import dev.remit.server.registry.shape.Shape.Text;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// One tool as it was reviewed.
final class ToolShape {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static final Text NAME_WITH_RESOURCE =
      new Text("resource/tool", "^[a-z0-9-]{1,63}/\\S{1,256}$", 3, 320, ToolName::parse);

  private static final Text WIRE_NAME =
      new Text(
          "a tool's name on the wire",
          "^\\S{1,256}$",
          1,
          256,
          text -> ToolName.parse("resource/" + text));

  static final List<Field> SPEC =
      List.of(
          required("resource", NAME, "the resource that offers it"),
          required("tool", WIRE_NAME, "its name on the wire"),
          required("effects", new SetOf(Shape.word(Effect.class), 1, 7), "what a call can do"),
          fallback(
              "dataClasses",
              DATA_CLASSES,
              JSON.arrayNode(),
              "the classes of data a call may touch"),
          optional(
              "amount",
              Shape.text("an argument's name", 1, 256),
              "the argument that says how big the transaction is; policy sees it as"
                  + " `context.amount`"),
          required(
              "definition",
              new Fields(
                  required(
                      "digest",
                      checked("a SHA-256 digest", "^sha256:[0-9a-f]{64}$", 71, Digest::new),
                      "digest of the definition that was reviewed"),
                  required(
                      "inputSchema", new Open("a JSON Schema"), "schema of the call's arguments")),
              "the reviewed definition; a tool that says anything else is withheld"));

  private ToolShape() {}
}
