package dev.remit.server.registry;

import static dev.remit.server.registry.ManifestTexts.DATA_CLASSES;
import static dev.remit.server.registry.ManifestTexts.NAME;
import static dev.remit.server.registry.ManifestTexts.WORD;
import static dev.remit.server.registry.ManifestTexts.checked;
import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.kernel.identity.Stage;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Moment;
import dev.remit.server.registry.shape.Shape.SetOf;
import java.time.ZoneId;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// The business process that identities serve.
final class WorkflowShape {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static final List<Field> SPEC =
      List.of(
          required(
              "purpose",
              Shape.text("text", 8, 500),
              "the business purpose, in a sentence somebody outside the team understands"),
          required("owner", NAME, "the person with role `owner` who answers for it"),
          optional("sponsor", NAME, "the person who pays for it"),
          required(
              "escalation",
              Shape.text("text", 3, 250),
              "whom to reach when something goes wrong, such as an address"),
          fallback(
              "dataClasses",
              DATA_CLASSES,
              JSON.arrayNode(),
              "every class of data its identities may be granted"),
          required("intents", new SetOf(WORD, 1, 64), "what a task of it may be started for"),
          required(
              "stage", Shape.word(Stage.class), "where it stands between trial and retirement"),
          optional(
              "pilotExpires",
              new Moment(),
              "when the pilot ends; needed exactly while `stage` is `pilot`"),
          fallback(
              "retention",
              checked(
                  "a number of days such as 365d", "^[1-9][0-9]{0,4}d$", 6, WorkflowShape::days),
              JSON.stringNode("365d"),
              "how long evidence about it is kept"),
          optional(
              "timeZone",
              checked(
                  "a time zone such as Europe/Zurich",
                  "^[A-Za-z][A-Za-z0-9_+/-]*$",
                  64,
                  ZoneId::of),
              "whose clock its working hours go by; UTC if not written"),
          optional(
              "successor",
              NAME,
              "the person with role `owner` who owns it as soon as its owner has left"));

  private WorkflowShape() {}

  private static void days(String text) {
    if (!text.matches("[1-9][0-9]{0,4}d")) {
      throw new IllegalArgumentException("`" + text + "` is not a number of days such as 365d");
    }
  }
}
