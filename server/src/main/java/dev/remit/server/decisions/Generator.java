package dev.remit.server.decisions;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Makes requests that policies can disagree about: of the schema's types, with the policies' own
/// constants and their neighbours, and now and then with something missing. The same seed makes the
/// same requests.
final class Generator {
  private static final double PRESENT = 0.7;
  private static final double BROKEN = 0.03;

  private final Random random;
  private final World world;
  private final List<World.AboutTool> tools;
  private final List<World.AboutIdentity> identities;
  private final List<String> texts = new ArrayList<>(List.of("", "x", "Grün", "a/b", "*"));
  private final List<Long> wholes = new ArrayList<>(List.of(0L, 1L, -1L, Long.MAX_VALUE));
  private final List<Long> decimals = new ArrayList<>(List.of(0L, 10_000L, -15_000L));
  private final List<Long> moments = new ArrayList<>(List.of(0L, 1_790_000_000_000L));
  private final List<EntityUid> entities = new ArrayList<>();

  Generator(List<Policy> policies, World world, long seed) {
    this.random = new Random(seed);
    this.world = world;
    this.tools = world.tools();
    this.identities = world.identities();
    policies.forEach(policy -> policy.constants().forEach(this::learn));
  }

  private void learn(Value constant) {
    switch (constant) {
      case Value.Text(var text) -> texts.add(text);
      case Value.Whole(var number) -> neighbours(wholes, number);
      case Value.Decimal(var parts) -> neighbours(decimals, parts);
      case Value.Moment(var epochMs) -> neighbours(moments, epochMs);
      case Value.Entity(var uid) -> entities.add(uid);
      case Value.Bool _, Value.Several _, Value.Members _ -> {}
      case Value.IpAddress _, Value.Span _, Value.Unknown _ -> {}
    }
  }

  private static void neighbours(List<Long> into, long number) {
    into.addAll(List.of(number, number - 1, number + 1));
  }

  Request next() {
    boolean call = !tools.isEmpty() && random.nextInt(5) > 0;
    var principal =
        identities.isEmpty() || random.nextInt(20) == 0
            ? of("Identity", new EntityUid("Identity", "nobody"))
            : of("Identity", any(identities).uid());
    return call ? toolCall(principal) : other(principal);
  }

  private Request toolCall(EntityUid principal) {
    var tool = any(tools);
    for (int tries = 0; tries < 3 && !entities.contains(tool.action()); tries++) {
      tool = any(tools);
    }
    var context = common();
    context.put("environment", tool.environment());
    context.put("tool", tool.facts());
    if (random.nextDouble() < PRESENT) {
      context.put("amount", whole());
    }
    context.put("arguments", value(tool.arguments()));
    context.put("argumentsComplete", truth());
    return new Request(principal, tool.action(), tool.uid(), finished(context));
  }

  private Request other(EntityUid principal) {
    var actions = Action.values();
    var action = actions[1 + random.nextInt(actions.length - 1)];
    var resources = world.resources();
    var models = world.models();
    var resource =
        action.isOfModel()
            ? of("Model", models.isEmpty() ? new EntityUid("Model", "none") : Names.of(any(models)))
            : resourceOf(resources);
    var context = common();
    context.put("environment", text());
    context.put("item", text());
    if (action == Action.ASK) {
      context.put("arguments", value(Asking.ARGUMENTS));
      context.put("argumentsComplete", truth());
    }
    return new Request(principal, Names.of(action), resource, finished(context));
  }

  private EntityUid resourceOf(List<ResourceName> resources) {
    return resources.isEmpty()
        ? new EntityUid("Resource", "nothing")
        : of("Resource", Names.of(any(resources)));
  }

  private Map<String, Value> common() {
    var context = new HashMap<String, Value>();
    context.put("task", Requests.TASK.of(text(), text(), whole(), whole(), moment()));
    context.put(
        "delegation",
        Requests.DELEGATION.of(
            whole(),
            set(_ -> new Value.Entity(of("Identity", new EntityUid("Identity", "other"))))));
    context.put("sensitivity", whole());
    context.put("model", World.MODEL_SHAPE.of(text(), text(), text()));
    context.put("local", Requests.LOCAL.of(whole(), whole(), whole()));
    context.put(
        "counters",
        Requests.COUNTERS.of(
            whole(), whole(), whole(), whole(), whole(), whole(), whole(), whole(), whole(),
            whole(), whole()));
    context.put("touched", set(_ -> new Value.Entity(of("DataClass", Names.dataClass("other")))));
    context.put("autonomy", text());
    context.put("stage", text());
    context.put("time", moment());
    context.put("approved", truth());
    context.put("risk", whole());
    context.put("secrets", Requests.SECRETS.of(whole(), whole(), set(_ -> text())));
    return context;
  }

  private Value.Members finished(Map<String, Value> context) {
    if (random.nextDouble() < BROKEN) {
      context.remove(any(context.keySet().stream().sorted().toList()));
    }
    return Value.Members.of(context);
  }

  private Value value(ArgumentType type) {
    return switch (type) {
      case ArgumentType.Text() -> text();
      case ArgumentType.Truth() -> truth();
      case ArgumentType.Whole() -> whole();
      case ArgumentType.Decimal() -> new Value.Decimal(any(decimals));
      case ArgumentType.SetOf(var element) -> set(_ -> value(element));
      case ArgumentType.RecordOf(var members) -> {
        var values = new HashMap<String, Value>();
        members.forEach((name, member) -> {
          if (random.nextDouble() < (member.required() ? 1 - BROKEN : PRESENT)) {
            values.put(name, value(member.type()));
          }
        });
        yield Value.Members.of(values);
      }
    };
  }

  private Value set(Function<Integer, Value> element) {
    return Value.Several.of(
        IntStream.range(0, random.nextInt(4)).mapToObj(element::apply).toList());
  }

  private Value text() {
    return new Value.Text(any(texts));
  }

  private Value moment() {
    return new Value.Moment(any(moments));
  }

  private Value whole() {
    return new Value.Whole(any(wholes));
  }

  private Value truth() {
    return Value.Bool.of(random.nextBoolean());
  }

  /// Returns an entity of `type` that a policy names, half of the time, or `otherwise`.
  private EntityUid of(String type, EntityUid otherwise) {
    var named = entities.stream().filter(uid -> uid.type().equals(type)).toList();
    return named.isEmpty() || random.nextBoolean() ? otherwise : any(named);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
