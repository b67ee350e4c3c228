package dev.remit.kernel.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Reads one policy, or one template with its slots filled, from Cedar's JSON policy format.
///
/// Source: Cedar reference, "JSON policy format".
final class CedarJson {
  private final Map<String, EntityUid> slots;

  private CedarJson(Map<String, EntityUid> slots) {
    this.slots = slots;
  }

  /// @param slots values of `?principal` and `?resource`; empty for a policy without slots
  /// @throws UnreadablePolicy naming what is not understood
  static Source read(PolicyId id, JsonNode policy, Map<String, EntityUid> slots) {
    return new CedarJson(slots).policy(id, policy);
  }

  private Source policy(PolicyId id, JsonNode policy) {
    var conditions = new ArrayList<Expr>();
    for (var clause : member(policy, "conditions")) {
      var body = ExprJson.read(member(clause, "body"), slots);
      switch (text(clause, "kind")) {
        case "when" -> addTerms(conditions, body);
        case "unless" -> conditions.add(new Expr.Unary(Expr.UnaryOp.NOT, body));
        default -> throw new UnreadablePolicy("`kind` of a condition is `when` or `unless`");
      }
    }
    return new Source(
        id,
        effect(text(policy, "effect")),
        constraint(member(policy, "principal")),
        constraint(member(policy, "action")),
        constraint(member(policy, "resource")),
        conditions,
        Collections.unmodifiableSortedMap(annotations(policy)));
  }

  private static void addTerms(List<Expr> conditions, Expr body) {
    if (body instanceof Expr.All(var terms)) {
      conditions.addAll(terms);
    } else {
      conditions.add(body);
    }
  }

  private static Effect effect(String word) {
    return switch (word) {
      case "permit" -> Effect.PERMIT;
      case "forbid" -> Effect.FORBID;
      default -> throw new UnreadablePolicy("`effect` is `permit` or `forbid`");
    };
  }

  private Constraint constraint(JsonNode scope) {
    return switch (text(scope, "op")) {
      case "All", "all" -> new Constraint.Anything();
      case "==" -> new Constraint.Exactly(entity(scope));
      case "in" ->
          scope.has("entities")
              ? new Constraint.Within(entities(scope.get("entities")))
              : new Constraint.Within(List.of(entity(scope)));
      case "is" ->
          scope.has("in")
              ? new Constraint.OfTypeWithin(text(scope, "entity_type"), entity(scope.get("in")))
              : new Constraint.OfType(text(scope, "entity_type"));
      default -> throw new UnreadablePolicy("unknown scope operator `" + text(scope, "op") + "`");
    };
  }

  private static List<EntityUid> entities(JsonNode array) {
    var found = new ArrayList<EntityUid>();
    array.forEach(element -> found.add(entityUid(element)));
    return found;
  }

  private EntityUid entity(JsonNode scope) {
    return scope.has("slot")
        ? slot(text(scope, "slot"), slots)
        : entityUid(member(scope, "entity"));
  }

  private static SortedMap<String, String> annotations(JsonNode policy) {
    var found = new TreeMap<String, String>();
    policy
        .path("annotations")
        .properties()
        .forEach(member ->
            found.put(
                member.getKey(),
                member.getValue().isString() ? member.getValue().stringValue() : ""));
    return found;
  }

  static EntityUid slot(String name, Map<String, EntityUid> slots) {
    var filled = slots.get(name);
    if (filled == null) {
      throw new UnreadablePolicy("the slot `" + name + "` is not filled: link the template");
    }
    return filled;
  }

  static EntityUid entityUid(JsonNode node) {
    var plain = node.has("__entity") ? node.get("__entity") : node;
    return new EntityUid(text(plain, "type"), text(plain, "id"));
  }

  static JsonNode member(JsonNode object, String name) {
    var value = object.get(name);
    if (value == null) {
      throw new UnreadablePolicy("`" + name + "` is missing");
    }
    return value;
  }

  static String text(JsonNode object, String name) {
    var value = member(object, name);
    if (!value.isString()) {
      throw new UnreadablePolicy("`" + name + "` is not a string");
    }
    return value.stringValue();
  }
}
