package dev.remit.server.registry;

import static dev.remit.server.registry.ManifestTexts.DATA_CLASSES;
import static dev.remit.server.registry.ManifestTexts.MONEY;
import static dev.remit.server.registry.ManifestTexts.NAME;
import static dev.remit.server.registry.ManifestTexts.WORD;
import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Count;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.ListOf;
import dev.remit.server.registry.shape.Shape.Moment;
import dev.remit.server.registry.shape.Shape.SetOf;
import dev.remit.server.registry.shape.Shape.Text;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// What an identity may ask for, and how much of it.
final class GrantShape {
  private static final long CALLS_PER_TASK = 1_000;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static final List<Field> SPEC =
      List.of(
          required("identity", NAME, "who may ask"),
          required("resource", NAME, "whom they may ask"),
          fallback(
              "tools",
              new SetOf(
                  new Text("a tool's name or `*`", "^\\S{1,256}$", 1, 256, t -> {}), 0, 1_024),
              JSON.arrayNode(),
              "names on the wire, or `*` alone for every tool with a reviewed definition"),
          fallback(
              "prompts",
              new SetOf(Shape.text("text", 1, 256), 0, 1_024),
              JSON.arrayNode(),
              "names of prompts, or `*` alone for every one"),
          fallback(
              "reads",
              new ListOf(Shape.text("a URI with `*` for any characters", 1, 2_048), 0, 256),
              JSON.arrayNode(),
              "which of the resource's URIs may be read"),
          fallback(
              "asks",
              new SetOf(
                  new Text("a workflow's name or `*`", "^(\\*|[a-z0-9-]{1,63})$", 1, 63, t -> {}),
                  0,
                  1_024),
              JSON.arrayNode(),
              "workflows for whose identities decisions on the resource may be asked for over"
                  + " AuthZEN, or `*` alone for every one; for an identity of kind `service`"),
          fallback(
              "profiles",
              new SetOf(WORD, 0, 64),
              JSON.arrayNode(),
              "a database's profiles for which credentials may be asked, each by name"),
          optional(
              "models",
              new SetOf(
                  new Text("a model's name or `*`", "^(\\*|[a-z0-9-]{1,63})$", 1, 63, t -> {}),
                  1,
                  256),
              "models that may be asked at the resource, or `*` alone for every one there; with any,"
                  + " the identity's own too"),
          fallback(
              "dataClasses",
              DATA_CLASSES,
              JSON.arrayNode(),
              "the classes of data it may touch, all among the workflow's"),
          fallback(
              "limits",
              new Fields(
                  fallback(
                      "callsPerTask",
                      new Count(1, 1_000_000_000),
                      JSON.numberNode(CALLS_PER_TASK),
                      "calls in one task altogether"),
                  optional(
                      "tokensPerTask",
                      new Count(1, 1_000_000_000_000L),
                      "tokens that models read and write in one task"),
                  optional("costPerTask", MONEY, "what they may cost, in the money of the prices"),
                  optional(
                      "asksPerMinute",
                      new Count(1, 1_000_000),
                      "questions to models by the identity within 60 seconds")),
              JSON.objectNode().put("callsPerTask", CALLS_PER_TASK),
              "bounds on its use"),
          required("approvedBy", NAME, "the person with role `approver` who agreed"),
          required("expires", new Moment(), "when it ends"));

  private GrantShape() {}
}
