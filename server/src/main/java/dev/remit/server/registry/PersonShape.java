package dev.remit.server.registry;

import static dev.remit.server.registry.ManifestTexts.NAME;
import static dev.remit.server.registry.ManifestTexts.checked;
import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.kernel.identity.Role;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.ListOf;
import dev.remit.server.registry.shape.Shape.Moment;
import dev.remit.server.registry.shape.Shape.OneWord;
import dev.remit.server.registry.shape.Shape.SetOf;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// A person: who they are, what they may do, and who stands in for them.
final class PersonShape {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final Field FROM = required("from", new Moment(), "when it begins");

  private static final Field UNTIL = required("until", new Moment(), "when it ends");

  static final List<Field> SPEC =
      List.of(
          required("displayName", Shape.text("text", 1, 120), "how people know them"),
          optional(
              "email",
              checked("an e-mail address", "^[^@\\s]+@[^@\\s]+$", 254, PersonShape::email),
              "where the organisation reaches them; nobody else has it"),
          optional(
              "subject",
              Shape.text("text", 1, 255),
              "their `sub` at the organisation's identity provider"),
          required(
              "roles",
              new SetOf(Shape.word(Role.class), 0, Role.values().length),
              "what they may do in Remit"),
          fallback(
              "standing",
              new OneWord(List.of("active", "left")),
              JSON.stringNode("active"),
              "`left` once they are gone: then they own, approve and sign in no more"),
          optional(
              "accountOf",
              NAME,
              "the person whose further account this is; the two never count as two people"),
          optional(
              "absent",
              new Fields(FROM, UNTIL),
              "when they are away: what asks them goes to their delegates then"),
          optional(
              "delegates",
              new ListOf(
                  new Fields(
                      required("to", NAME, "who answers in their place, under their own name"),
                      required(
                          "roles",
                          new SetOf(Shape.word(Role.class), 1, Role.values().length),
                          "those of their roles that are answered with"),
                      FROM,
                      UNTIL),
                  1,
                  16),
              "who stands in for them, and when; nobody stands in for whoever asks"));

  private PersonShape() {}

  private static void email(String text) {
    if (!text.matches("[^@\\s]+@[^@\\s]+")) {
      throw new IllegalArgumentException("`" + text + "` is not an e-mail address");
    }
  }
}
