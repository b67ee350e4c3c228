package dev.remit.conformance.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entities;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.Decimal;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.remit.kernel.policy.Combination;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Findings.Answer;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random policies and random requests, answered by both engines. Most expressions have fitting
/// types and some deliberately not, so that policies hold, do not hold and fail. Needs only the
/// build.
@Tag("R80")
class DifferentialTest {
  private static final int SETS = 150;
  private static final int REQUESTS_PER_SET = 50;

  private static final String ENTITIES =
      """
      [{"uid": {"type": "Identity", "id": "a"}, "attrs": {"n": 1, "s": "x"},
        "parents": [{"type": "Workflow", "id": "w"}], "tags": {"t": "v"}},
       {"uid": {"type": "Identity", "id": "b"}, "attrs": {"set": [1, 2]}, "parents": []},
       {"uid": {"type": "Workflow", "id": "w"}, "attrs": {},
        "parents": [{"type": "Workflow", "id": "top"}]},
       {"uid": {"type": "Tool", "id": "t"}, "attrs": {"effects": ["read", "write"],
        "owner": {"__entity": {"type": "Identity", "id": "a"}}}, "parents": []}]
      """;

  private final long seed = 20_261_121L;
  private final Random random = new Random(seed);

  @Test
  void both_engines_answer_random_requests_to_random_policies_alike() throws Exception {
    var entities = Cedar.entities(Cedar.JSON.readTree(ENTITIES));
    var cedarEntities = Entities.parse(ENTITIES);
    int failing = 0;
    int allowed = 0;
    for (int set = 0; set < SETS; set++) {
      var text = policies();
      var cedar = Cedar.parsed(text);
      cedar.cache();
      var ours = Cedar.compiled(cedar);
      for (int i = 0; i < REQUESTS_PER_SET; i++) {
        var context = context();
        var asked = request(context);

        var answer = ours(ours, asked, entities);

        assertThat(answer)
            .as("seed %d, set %d, request %d: %s%n%s", seed, set, i, asked, text)
            .isEqualTo(theirs(cedar, asked, context, cedarEntities));
        failing += answer.errors.isEmpty() ? 0 : 1;
        allowed += answer.decision.equals("allow") ? 1 : 0;
      }
    }
    System.out.printf(
        "differential: %d requests agree, %d allowed, %d with failing policies%n",
        SETS * REQUESTS_PER_SET, allowed, failing);
    assertThat(failing).isPositive();
    assertThat(allowed).isPositive();
  }

  /// What explanations and coverage are made of says of each policy what the evaluator says.
  @Test
  void a_trace_says_what_the_evaluator_says() throws Exception {
    var entities = Cedar.entities(Cedar.JSON.readTree(ENTITIES));
    int steps = 0;
    for (int set = 0; set < SETS; set++) {
      var text = policies();
      var ours = Cedar.compiled(Cedar.parsed(text));
      for (int i = 0; i < 20; i++) {
        var asked = request(context());
        var satisfied = new TreeSet<String>();
        var failed = new TreeSet<String>();
        for (var policy : ours.policies()) {
          var trace = policy.trace(asked, entities);
          steps += trace.steps().size();
          if (trace.covers() && trace.truth() == Trace.Truth.TRUE) {
            satisfied.add(policy.id().value());
          } else if (trace.truth() == Trace.Truth.FAILED) {
            failed.add(policy.id().value());
          }
        }

        var answers = ours.evaluate(asked, entities).answers();

        assertThat(ids(answers, Answer.Satisfied.class))
            .as("seed %d, set %d, request %d: %s%n%s", seed, set, i, asked, text)
            .isEqualTo(satisfied);
        assertThat(ids(answers, Answer.Failed.class))
            .as("seed %d, set %d, request %d: %s%n%s", seed, set, i, asked, text)
            .isEqualTo(failed);
      }
    }
    assertThat(steps).isPositive();
  }

  private static Set<String> ids(List<Answer> answers, Class<? extends Answer> kind) {
    return answers.stream()
        .filter(kind::isInstance)
        .map(answer -> answer.policy().id().value())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private record Both(String decision, Set<String> because, Set<String> errors) {}

  private static Both ours(
      PolicySet policies, Request request, dev.remit.kernel.policy.Entities entities) {
    var decision = policies.decide(request, entities, Combination.CEDAR);
    return new Both(
        decision.word(),
        decision.because().stream().map(Object::toString).collect(Collectors.toSet()),
        decision.errors().stream().map(e -> e.policy().value()).collect(Collectors.toSet()));
  }

  private static Both theirs(
      com.cedarpolicy.model.policy.PolicySet policies,
      Request request,
      Map<String, Value> context,
      Entities entities)
      throws AuthException {
    var asked =
        new AuthorizationRequest(
            uid(request.principal()), uid(request.action()), uid(request.resource()), context);
    var answer =
        new BasicAuthorizationEngine()
            .isAuthorized(asked, policies, entities)
            .success
            .orElseThrow();
    var errors = new TreeSet<String>();
    answer.getErrors().forEach(error -> errors.add(error.getPolicyId()));
    return new Both(answer.isAllowed() ? "allow" : "deny", Set.copyOf(answer.getReason()), errors);
  }

  private static EntityUID uid(EntityUid uid) {
    return EntityTypeName.parse(uid.type()).orElseThrow().of(uid.id());
  }

  private Request request(Map<String, Value> context) {
    return new Request(
        new EntityUid("Identity", any("a", "b", "ghost")),
        new EntityUid("Action", any("call", "read")),
        new EntityUid("Tool", any("t", "ghost")),
        Contexts.members(context));
  }

  private Map<String, Value> context() {
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
      case 4 -> uid(new EntityUid("Identity", any("a", "b", "ghost")));
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

  private String policies() {
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
