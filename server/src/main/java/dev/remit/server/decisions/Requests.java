package dev.remit.server.decisions;

import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Value;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Builds the request that policies see from a question and the world it is asked in.
final class Requests {
  static final Value.Members.Shape TASK =
      Value.Members.shape("id", "intent", "callsSoFar", "callsMax", "expires");
  static final Value.Members.Shape DELEGATION = Value.Members.shape("depth", "by");
  static final Value.Members.Shape LOCAL = Value.Members.shape("hour", "minute", "weekday");
  static final Value.Members.Shape COUNTERS =
      Value.Members.shape(
          "task",
          "tool",
          "tools",
          "items",
          "bytes",
          "minute",
          "identityMinute",
          "asks",
          "tokens",
          "costMicros",
          "identityAsksMinute");

  static final Value.Members.Shape SECRETS = Value.Members.shape("count", "canaries", "kinds");
  private static final Value NO_SECRETS = secrets(SecretFacts.NONE);

  private static final List<String> COMMON =
      List.of(
          "task",
          "delegation",
          "touched",
          "sensitivity",
          "model",
          "autonomy",
          "stage",
          "environment",
          "time",
          "local",
          "approved",
          "risk",
          "secrets",
          "counters");
  private static final Value.Members.Shape ITEM_CONTEXT = shape("item");
  private static final Value.Members.Shape ASK_CONTEXT =
      shape("item", "arguments", "argumentsComplete");
  private static final Value.Members.Shape CALL_CONTEXT =
      shape("arguments", "argumentsComplete", "tool");
  private static final Value.Members.Shape SIZED_CONTEXT =
      shape("arguments", "argumentsComplete", "tool", "amount");

  private final World world;

  Requests(World world) {
    this.world = world;
  }

  private static Value.Members.Shape shape(String... more) {
    var names = new ArrayList<>(COMMON);
    names.addAll(List.of(more));
    return Value.Members.shape(names.toArray(String[]::new));
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
      case Target.OfModel(var name, _, var item) ->
          world
              .environment(name)
              .map(environment ->
                  question.action() == Action.ASK
                      ? ask(question, identity.get(), Names.of(name), environment, item)
                      : item(question, identity.get(), Names.of(name), environment, item));
    };
  }

  private Request call(
      Question question, World.AboutIdentity identity, World.AboutTool tool, String name) {
    var arguments = arguments(question.arguments(), tool.arguments());
    var complete = complete(question.arguments(), tool.arguments());
    var size = size(question.arguments(), tool);
    var context =
        size.isPresent()
            ? context(
                SIZED_CONTEXT,
                question,
                identity,
                tool.environment(),
                name,
                arguments,
                complete,
                tool.facts(),
                size.get())
            : context(
                CALL_CONTEXT,
                question,
                identity,
                tool.environment(),
                name,
                arguments,
                complete,
                tool.facts());
    return new Request(identity.uid(), tool.action(), tool.uid(), context);
  }

  private Request ask(
      Question question,
      World.AboutIdentity identity,
      EntityUid model,
      Value environment,
      String item) {
    var context =
        context(
            ASK_CONTEXT,
            question,
            identity,
            environment,
            "",
            new Value.Text(item),
            arguments(question.arguments(), Asking.ARGUMENTS),
            complete(question.arguments(), Asking.ARGUMENTS));
    return new Request(identity.uid(), Names.of(Action.ASK), model, context);
  }

  private Request item(
      Question question,
      World.AboutIdentity identity,
      EntityUid resource,
      Value environment,
      String item) {
    var context =
        context(
            ITEM_CONTEXT,
            question,
            identity,
            environment,
            "",
            new ArgumentType.Text().read(JsonNodeFactory.instance.stringNode(item)));
    return new Request(identity.uid(), Names.of(question.action()), resource, context);
  }

  /// Puts the common facts before `more`, in the order of the shapes' names.
  private Value.Members context(
      Value.Members.Shape shape,
      Question question,
      World.AboutIdentity identity,
      Value environment,
      String tool,
      Value... more) {
    var task = question.task();
    var values = new Value[COMMON.size() + more.length];
    int n = 0;
    values[n++] = task(task);
    values[n++] = delegation(task);
    values[n++] = World.dataClasses(task.usage().touched());
    values[n++] = world.sensitivity(task.usage().touched());
    values[n++] = identity.model();
    values[n++] = identity.autonomy();
    values[n++] = identity.stage();
    values[n++] = environment;
    values[n++] = new Value.Moment(question.now().toEpochMilli());
    values[n++] = local(question.now().atZone(identity.zone()));
    values[n++] = Value.Bool.of(question.facts().approved());
    values[n++] =
        question.facts().supposesRisk()
            ? new Value.Whole(question.facts().risk())
            : identity.risk();
    values[n++] =
        question.facts().secrets().isNone() ? NO_SECRETS : secrets(question.facts().secrets());
    values[n++] = counters(task.usage(), tool);
    System.arraycopy(more, 0, values, n, more.length);
    return shape.of(values);
  }

  private static Value task(TaskFacts task) {
    return TASK.of(
        new Value.Text(task.id().toString()),
        new Value.Text(task.intent()),
        new Value.Whole(task.usage().calls()),
        new Value.Whole(task.callsMax()),
        new Value.Moment(task.expiresAt().toEpochMilli()));
  }

  private static Value delegation(TaskFacts task) {
    var by = new ArrayList<Value>(task.delegators().size());
    task.delegators().forEach(name -> by.add(new Value.Entity(Names.of(name))));
    return DELEGATION.of(new Value.Whole(by.size()), Value.Several.of(by));
  }

  private static Value local(ZonedDateTime now) {
    return LOCAL.of(
        new Value.Whole(now.getHour()),
        new Value.Whole(now.getMinute()),
        new Value.Whole(now.getDayOfWeek().getValue()));
  }

  private static Value secrets(SecretFacts found) {
    var kinds = new ArrayList<Value>(found.kinds().size());
    found.kinds().forEach(kind -> kinds.add(new Value.Text(kind)));
    return SECRETS.of(
        new Value.Whole(found.count()), new Value.Whole(found.canaries()), Value.Several.of(kinds));
  }

  private static Value counters(Usage usage, String tool) {
    return COUNTERS.of(
        new Value.Whole(usage.calls()),
        new Value.Whole(usage.of(tool)),
        new Value.Whole(usage.tools()),
        new Value.Whole(usage.items()),
        new Value.Whole(usage.bytes()),
        new Value.Whole(usage.lastMinute()),
        new Value.Whole(usage.identityLastMinute()),
        new Value.Whole(usage.spent().asks()),
        new Value.Whole(usage.spent().tokens()),
        new Value.Whole(usage.spent().costMicros()),
        new Value.Whole(usage.spent().identityLastMinute()));
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

  /// How big the transaction is, where the tool's manifest says which argument tells: without its
  /// sign, and rounded up, so that no fraction slips below a limit.
  private static Optional<Value> size(Arguments arguments, World.AboutTool tool) {
    if (tool.amount().isEmpty()) {
      return Optional.empty();
    }
    return switch (arguments) {
      case Arguments.NotYet() -> Optional.of(Value.Unknown.UNKNOWN);
      case Arguments.Given(var json) -> magnitude(json.path(tool.amount().get()));
    };
  }

  private static Optional<Value> magnitude(JsonNode number) {
    if (!number.isNumber()) {
      return Optional.empty();
    }
    // Beyond what a long holds, a cast of the double stays at the greatest long.
    boolean whole = number.isIntegralNumber() && number.canConvertToLong();
    long size =
        whole && number.longValue() != Long.MIN_VALUE
            ? Math.abs(number.longValue())
            : (long) Math.ceil(Math.abs(number.doubleValue()));
    return Optional.of(new Value.Whole(size));
  }
}
