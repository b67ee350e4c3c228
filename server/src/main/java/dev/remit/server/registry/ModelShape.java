package dev.remit.server.registry;

import static dev.remit.server.registry.ManifestTexts.MONEY;
import static dev.remit.server.registry.ManifestTexts.NAME;
import static dev.remit.server.registry.ManifestTexts.TEXTS;
import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.kernel.identity.Lifecycle;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Count;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.ListOf;
import dev.remit.server.registry.shape.Shape.Moment;
import dev.remit.server.registry.shape.Shape.SetOf;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// A model as it is deployed, what it costs, and when to go back from it.
final class ModelShape {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static final List<Field> SPEC =
      List.of(
          required("provider", Shape.text("text", 1, 120), "who offers it"),
          required("model", Shape.text("text", 1, 200), "what its provider calls it"),
          optional("version", Shape.text("text", 1, 200), "of it, where the provider tells one"),
          required(
              "lifecycle", Shape.word(Lifecycle.class), "where it stands, as its provider says"),
          fallback(
              "parameters",
              TEXTS,
              JSON.objectNode(),
              "what it is asked with, as text: `temperature: \"0.2\"`"),
          optional("contextWindow", new Count(1, 1_000_000_000), "in tokens"),
          fallback("safety", TEXTS, JSON.objectNode(), "its safety settings, as text"),
          optional("resource", NAME, "the resource with upstream `models` where it answers"),
          optional(
              "outputMax", new Count(1, 1_000_000_000), "the most tokens it writes in one answer"),
          optional(
              "pricePerMillion",
              new Fields(
                  required("input", MONEY, "of a million tokens that it reads"),
                  required("output", MONEY, "of a million tokens that it writes"),
                  optional(
                      "cached",
                      MONEY,
                      "of a million that its provider has read before; as `input`")),
              "what its tokens cost, in the money that the organisation counts in"),
          optional("guardrails", TEXTS, "what stands around it and is not its provider's, as text"),
          optional(
              "fineTune",
              Shape.text("text", 1, 200),
              "what it was trained further on, such as the name of a job or of a set of data"),
          optional(
              "backend",
              Shape.text("text", 1, 200),
              "what runs it, as far as its provider tells: an engine, a region"),
          optional(
              "rollback",
              new ListOf(
                  new Fields(
                      required(
                          "on", Shape.word(ModelTerms.Measure.class), "what may go wrong with it"),
                      fallback(
                          "above",
                          new Count(0, 10_000),
                          JSON.numberNode(0),
                          "acts when it is more than this, in ten-thousandths"),
                      required("do", Shape.word(ModelTerms.Action.class), "what is done then")),
                  1,
                  16),
              "when to go back to what was before, executed by machine"),
          optional("fallback", NAME, "the model that takes its place when it is withdrawn"),
          optional("withdrawsAt", new Moment(), "when its provider has said it withdraws it"),
          optional(
              "telemetry",
              new SetOf(Shape.word(ModelTerms.Telemetry.class), 1, 9),
              "what its provider lets us see of model, tools and secrets"),
          optional(
              "contractReview",
              new Fields(
                  required("by", NAME, "the person who has read the provider's terms"),
                  required("reference", Shape.text("text", 3, 500), "where that is on record"),
                  required("reviewedAt", new Moment(), "when")),
              "of a beta that its vendor manages: the review of the contract"),
          optional(
              "rollbackWhen",
              new SetOf(Shape.text("text", 3, 500), 1, 16),
              "of a beta: when to go back to what was before, a sentence each"),
          optional(
              "reapproveWhen",
              new SetOf(Shape.text("text", 3, 500), 1, 16),
              "of a beta: when it has to be approved anew, a sentence each"));

  private ModelShape() {}
}
