package dev.remit.kernel.policy;

import static dev.remit.kernel.policy.CedarJson.member;
import static dev.remit.kernel.policy.CedarJson.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Reads expressions of Cedar's JSON policy format. What it does not know it refuses, and so is an
/// expression nested deeper than [#DEPTH_MAX].
final class ExprJson {
  /// How deep expressions may nest, chains of `&&` and `||` not counted.
  static final int DEPTH_MAX = 200;

  /// How long a chain of `&&` or `||` may be.
  static final int CHAIN_MAX = 10_000;

  private static final Map<String, Expr.UnaryOp> UNARY =
      Arrays.stream(Expr.UnaryOp.values())
          .collect(Collectors.toUnmodifiableMap(op -> op.key, Function.identity()));
  private static final Map<String, Expr.BinaryOp> BINARY =
      Arrays.stream(Expr.BinaryOp.values())
          .collect(Collectors.toUnmodifiableMap(op -> op.key, Function.identity()));

  private final Map<String, EntityUid> slots;

  private ExprJson(Map<String, EntityUid> slots) {
    this.slots = slots;
  }

  static Expr read(JsonNode json, Map<String, EntityUid> slots) {
    return new ExprJson(slots).read(json, 0);
  }

  private Expr read(JsonNode json, int depth) {
    if (depth > DEPTH_MAX) {
      throw new UnreadablePolicy("an expression nests deeper than " + DEPTH_MAX);
    }
    if (!json.isObject() || json.size() != 1) {
      throw new UnreadablePolicy("an expression is an object with one member");
    }
    var only = json.properties().iterator().next();
    return read(only.getKey(), only.getValue(), depth + 1);
  }

  private Expr read(String key, JsonNode body, int depth) {
    var unary = UNARY.get(key);
    if (unary != null) {
      return new Expr.Unary(unary, read(member(body, "arg"), depth));
    }
    var binary = BINARY.get(key);
    if (binary != null) {
      return new Expr.Binary(
          binary, read(member(body, "left"), depth), read(member(body, "right"), depth));
    }
    return switch (key) {
      case "Value" -> new Expr.Literal(ValueJson.read(body));
      case "Var" -> new Expr.Variable(variable(body));
      case "Slot" -> new Expr.Literal(new Value.Entity(CedarJson.slot(body.asString(), slots)));
      case "&&" -> new Expr.All(chain(key, body, depth));
      case "||" -> new Expr.Any(chain(key, body, depth));
      case "if-then-else" ->
          new Expr.If(
              read(member(body, "if"), depth),
              read(member(body, "then"), depth),
              read(member(body, "else"), depth));
      case "." -> new Expr.Attribute(read(member(body, "left"), depth), text(body, "attr"));
      case "has" -> has(body, depth);
      case "like" -> new Expr.Like(read(member(body, "left"), depth), pattern(body));
      case "is" -> is(body, depth);
      case "Set" -> new Expr.MakeSet(all(body, depth));
      case "Record" -> record(body, depth);
      default -> call(key, body, depth);
    };
  }

  /// Returns the terms of a chain, which the JSON form nests to the left.
  private List<Expr> chain(String key, JsonNode body, int depth) {
    var terms = new ArrayList<Expr>();
    var left = body;
    while (true) {
      terms.add(read(member(left, "right"), depth));
      if (terms.size() > CHAIN_MAX) {
        throw new UnreadablePolicy("a chain of `" + key + "` is longer than " + CHAIN_MAX);
      }
      var next = member(left, "left");
      if (!next.isObject() || next.size() != 1 || !next.has(key)) {
        terms.add(read(next, depth));
        return terms.reversed();
      }
      left = next.get(key);
    }
  }

  /// `a has b.c` asks for each attribute on the way.
  private Expr has(JsonNode body, int depth) {
    var of = read(member(body, "left"), depth);
    var attribute = member(body, "attr");
    if (attribute.isString()) {
      return new Expr.Has(of, attribute.stringValue());
    }
    var terms = new ArrayList<Expr>();
    for (var name : attribute) {
      terms.add(new Expr.Has(of, name.asString()));
      of = new Expr.Attribute(of, name.asString());
    }
    return terms.size() == 1 ? terms.getFirst() : new Expr.All(List.copyOf(terms));
  }

  private Expr is(JsonNode body, int depth) {
    var of = read(member(body, "left"), depth);
    var is = new Expr.Is(of, text(body, "entity_type"));
    return body.has("in")
        ? new Expr.All(
            List.of(is, new Expr.Binary(Expr.BinaryOp.IN, of, read(body.get("in"), depth))))
        : is;
  }

  private static Wildcard pattern(JsonNode body) {
    var parts = new ArrayList<String>();
    var part = new StringBuilder();
    for (var element : member(body, "pattern")) {
      if (element.isString() && element.stringValue().equals("Wildcard")) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(text(element, "Literal"));
      }
    }
    parts.add(part.toString());
    return new Wildcard(parts);
  }

  private Expr record(JsonNode body, int depth) {
    var members = new TreeMap<String, Expr>();
    body.properties()
        .forEach(member -> members.put(member.getKey(), read(member.getValue(), depth)));
    return new Expr.MakeRecord(members);
  }

  private Expr call(String name, JsonNode body, int depth) {
    var function = Extension.named(name);
    if (function == null || !body.isArray()) {
      throw new UnreadablePolicy("unknown expression `" + name + "`");
    }
    return new Expr.Call(function, all(body, depth));
  }

  private List<Expr> all(JsonNode array, int depth) {
    var found = new ArrayList<Expr>();
    array.forEach(element -> found.add(read(element, depth)));
    return List.copyOf(found);
  }

  private static Expr.Var variable(JsonNode body) {
    return switch (body.asString()) {
      case "principal" -> Expr.Var.PRINCIPAL;
      case "action" -> Expr.Var.ACTION;
      case "resource" -> Expr.Var.RESOURCE;
      case "context" -> Expr.Var.CONTEXT;
      default -> throw new UnreadablePolicy("unknown variable `" + body.asString() + "`");
    };
  }
}
