package dev.remit.server.decisions;

import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Value;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/// Builds the request that policies see from a question and the world it is asked in.
final class Requests {
  static final Value.Members.Shape TASK = Value.Members.shape("id", "intent", "callsSoFar");
  static final Value.Members.Shape COUNTERS = Value.Members.shape("task", "tool");
  private static final Value.Members.Shape ITEM_CONTEXT =
      Value.Members.shape(
          "task",
          "touched",
          "autonomy",
          "stage",
          "environment",
          "time",
          "approved",
          "risk",
          "item");
  private static final Value.Members.Shape CALL_CONTEXT =
      Value.Members.shape(
          "task",
          "touched",
          "autonomy",
          "stage",
          "environment",
          "time",
          "approved",
          "risk",
          "arguments",
          "argumentsComplete",
          "tool",
          "counters");

  private final World world;

  Requests(World world) {
    this.world = world;
  }

  /// Returns the request; empty if identity, tool or resource is not in the registry.
  Optional<Request> of(Question question) {
    var identity = world.identity(question.identity());
    if (identity.isEmpty()) {
      return Optional.empty();
    }
    return switch (question.target()) {
      case Target.OfTool(var name) ->
          world.tool(name).map(tool -> call(question, identity.get(), tool, name.toString()));
      case Target.OfResource(var name, var item) ->
          world
              .environment(name)
              .map(
                  environment -> item(question, identity.get(), Names.of(name), environment, item));
    };
  }

  private static Request call(
      Question question, World.AboutIdentity identity, World.AboutTool tool, String name) {
    var task = question.task();
    var context =
        CALL_CONTEXT.of(
            task(task),
            World.dataClasses(task.touched()),
            identity.autonomy(),
            identity.stage(),
            tool.environment(),
            new Value.Moment(question.now().toEpochMilli()),
            Value.Bool.of(question.facts().approved()),
            new Value.Whole(question.facts().risk()),
            arguments(question.arguments(), tool.arguments()),
            complete(question.arguments(), tool.arguments()),
            tool.facts(),
            COUNTERS.of(
                new Value.Whole(task.callsSoFar()),
                new Value.Whole(task.counters().getOrDefault(name, 0L))));
    return new Request(identity.uid(), tool.action(), tool.uid(), context);
  }

  private static Request item(
      Question question,
      World.AboutIdentity identity,
      EntityUid resource,
      Value environment,
      String item) {
    var context =
        ITEM_CONTEXT.of(
            task(question.task()),
            World.dataClasses(question.task().touched()),
            identity.autonomy(),
            identity.stage(),
            environment,
            new Value.Moment(question.now().toEpochMilli()),
            Value.Bool.of(question.facts().approved()),
            new Value.Whole(question.facts().risk()),
            new ArgumentType.Text().read(JsonNodeFactory.instance.stringNode(item)));
    return new Request(identity.uid(), Names.of(question.action()), resource, context);
  }

  private static Value task(TaskFacts task) {
    return TASK.of(
        new Value.Text(task.id().toString()),
        new Value.Text(task.intent()),
        new Value.Whole(task.callsSoFar()));
  }

  private static Value arguments(Arguments arguments, ArgumentType.RecordOf type) {
    return switch (arguments) {
      case Arguments.NotYet() -> Value.Unknown.UNKNOWN;
      case Arguments.Given(var json) ->
          json.isMissingNode() || json.isNull()
              ? type.read(JsonNodeFactory.instance.objectNode())
              : type.read(json);
    };
  }

  private static Value complete(Arguments arguments, ArgumentType.RecordOf type) {
    return switch (arguments) {
      case Arguments.NotYet() -> Value.Unknown.UNKNOWN;
      case Arguments.Given(var json) -> Value.Bool.of(!json.isObject() || type.seesAll(json));
    };
  }
}
