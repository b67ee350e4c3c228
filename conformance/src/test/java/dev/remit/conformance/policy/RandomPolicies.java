package dev.remit.conformance.policy;

import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.Decimal;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Policies and requests made of random numbers. Most expressions have fitting types and some
/// deliberately not, so that policies hold, do not hold and fail.
final class RandomPolicies {
  static final String ENTITIES =
      """
      [{"uid": {"type": "Identity", "id": "a"}, "attrs": {"n": 1, "s": "x"},
        "parents": [{"type": "Workflow", "id": "w"}], "tags": {"t": "v"}},
       {"uid": {"type": "Identity", "id": "b"}, "attrs": {"set": [1, 2]}, "parents": []},
       {"uid": {"type": "Workflow", "id": "w"}, "attrs": {},
        "parents": [{"type": "Workflow", "id": "top"}]},
       {"uid": {"type": "Tool", "id": "t"}, "attrs": {"effects": ["read", "write"],
        "owner": {"__entity": {"type": "Identity", "id": "a"}}}, "parents": []}]
      """;

  private final Random random;

  RandomPolicies(Random random) {
    this.random = random;
  }

  Request request(Map<String, Value> context) {
    return new Request(
        new EntityUid("Identity", any("a", "b", "ghost")),
        new EntityUid("Action", any("call", "read")),
        new EntityUid("Tool", any("t", "ghost")),
        Contexts.members(context));
  }

  Map<String, Value> context() {
    var context = new CedarMap();
    for (var name : List.of("x", "y", "z")) {
      if (random.nextInt(6) > 0) {
        context.put(name, value(2));
      }
    }
    return context;
  }

  private Value value(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> new PrimLong(any(0L, 1L, 2L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
      case 1 -> new PrimString(any("", "x", "ab", "a*b", "Ü"));
      case 2 -> new PrimBool(random.nextBoolean());
      case 3 -> new Decimal(any("0.0", "1.5", "-1.5"));
      case 4 -> Engines.uid(new EntityUid("Identity", any("a", "b", "ghost")));
      case 5 -> {
        var list = new CedarList();
        for (int i = random.nextInt(3); i > 0; i--) {
          list.add(value(depth - 1));
        }
        yield list;
      }
      default -> {
        var map = new CedarMap();
        map.put(any("x", "y"), value(depth - 1));
        yield map;
      }
    };
  }

  String policies() {
    var text = new StringBuilder();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      text.append(any("permit", "permit", "forbid"))
          .append(" (")
          .append(any("principal", "principal in Workflow::\"top\"", "principal is Identity"))
          .append(", ")
          .append(any("action", "action == Action::\"call\""))
          .append(", resource) ")
          .append(any("when", "unless"))
          .append(" { ")
          .append(truth(3))
          .append(" };\n");
    }
    return text.toString();
  }

  /// An expression that is mostly a truth value.
  private String truth(int depth) {
    if (random.nextInt(12) == 0) {
      return expression(2);
    }
    if (depth == 0) {
      return any("true", "false", "context has x", "context has y && context.y == context.y");
    }
    var a = "(" + truth(depth - 1) + ")";
    var b = "(" + truth(depth - 1) + ")";
    return any(
        a + " && " + b,
        a + " || " + b,
        "!" + a,
        "if " + a + " then " + b + " else " + a,
        number(2) + any(" < ", " <= ", " > ", " >= ", " == ", " != ") + number(2),
        "[1, 2, " + number(1) + "].contains(" + number(1) + ")",
        "resource.effects.containsAny([\"read\", context.x])",
        "principal in " + any("Workflow::\"w\"", "[Workflow::\"top\", resource]", "context.x"),
        "principal has " + any("n", "s", "set"),
        "context has x && context.x == " + any("1", "\"x\"", "true", "decimal(\"1.5\")"),
        "principal.hasTag(\"t\") && principal.getTag(\"t\") == \"v\"",
        any("\"a*b\"", "\"ab\"", "context.y") + " like \"a*b\"",
        "decimal(\"1.5\").lessThan(" + any("context.z", "decimal(\"2.0\")") + ")",
        "ip(\"10.1.2.3\").isInRange(ip(\"10.0.0.0/8\"))");
  }

  private String number(int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return any("0", "1", "2", "context.x", "principal.n", "9223372036854775807");
    }
    return "(" + number(depth - 1) + any(" + ", " - ", " * ") + number(depth - 1) + ")";
  }

  private String expression(int depth) {
    if (depth == 0) {
      return atom();
    }
    var a = "(" + expression(depth - 1) + ")";
    var b = "(" + expression(depth - 1) + ")";
    var forms = new ArrayList<String>();
    for (var op : List.of("==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "in")) {
      forms.add(a + " " + op + " " + b);
    }
    for (var method :
        List.of("contains", "containsAll", "containsAny", "hasTag", "lessThan", "getTag")) {
      forms.add(a + "." + method + "(" + b + ")");
    }
    forms.addAll(
        List.of(
            "!" + a,
            "-" + a,
            a + ".isEmpty()",
            a + ".x",
            a + " has y",
            a + " has x.y",
            a + " like \"a*\\*b*\"",
            a + " is Identity",
            a + " is Identity in " + b,
            "if " + a + " then " + b + " else " + a,
            "[" + a + ", " + b + "]",
            "{x: " + a + ", \"y\": " + b + "}"));
    return forms.get(random.nextInt(forms.size()));
  }

  private String atom() {
    return any(
        "true",
        "false",
        "1",
        "9223372036854775807",
        "\"x\"",
        "\"t\"",
        "context",
        "context.x",
        "context.y",
        "context.z",
        "principal",
        "principal.n",
        "resource.effects",
        "resource.owner",
        "resource.owner.s",
        "Identity::\"a\"",
        "Workflow::\"top\"",
        "decimal(\"1.5\")",
        "decimal(\"bad\")",
        "ip(\"10.0.0.0/8\")",
        "[1, 2]",
        "[]",
        "duration(\"1h\").toMinutes()",
        "datetime(\"2024-02-29\").toTime()");
  }

  @SafeVarargs
  private <T> T any(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
