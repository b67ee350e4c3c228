package dev.remit.server.registry;

import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Count;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.OneWord;
import java.util.List;

/// The form of a manifest, kind by kind: the one place from which reading, the published schema and
/// the reference page are made.
final class ManifestShapes {
  static final String API_VERSION = "remit.dev/v1";

  private ManifestShapes() {}

  /// Returns the shape of a whole document of `kind`.
  static Fields document(Kind kind) {
    return new Fields(
        required("apiVersion", new OneWord(List.of(API_VERSION)), "the version of this form"),
        required("kind", new OneWord(List.of(kind.title())), "what is declared"),
        required(
            "metadata",
            new Fields(
                required(
                    "name",
                    kind == Kind.TOOL ? ToolShape.NAME_WITH_RESOURCE : ManifestTexts.NAME,
                    "its name, which no other " + kind.noun() + " has")),
            "how it is known"),
        required("spec", new Fields(spec(kind)), "what is declared of it"));
  }

  static List<Field> spec(Kind kind) {
    return switch (kind) {
      case PERSON -> PersonShape.SPEC;
      case DATA_CLASS -> DATA_CLASS;
      case MODEL -> ModelShape.SPEC;
      case WORKFLOW -> WorkflowShape.SPEC;
      case IDENTITY -> IdentityShape.SPEC;
      case RESOURCE -> ResourceShape.SPEC;
      case TOOL -> ToolShape.SPEC;
      case GRANT -> GrantShape.SPEC;
      case POLICY -> POLICY;
    };
  }

  private static final List<Field> DATA_CLASS =
      List.of(
          required("description", Shape.text("text", 3, 500), "what belongs to it"),
          required(
              "sensitivity",
              new Count(0, DataClass.UNKNOWN),
              "0 (public) to 100; a class that is not declared counts as 100"));

  private static final List<Field> POLICY =
      List.of(
          required("description", Shape.text("text", 3, 500), "what it is for, in one sentence"),
          required("cedar", Shape.text("Cedar statements", 1, 65_536), "one or more statements"),
          optional(
              "mode",
              Shape.word(PolicyText.Mode.class),
              "`shadow`: tried on each decision, and changes none; `enforced` if not written"));
}
