package dev.remit.server.decisions;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Effect;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicyError;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Trace;
import dev.remit.kernel.policy.Trace.Step;
import dev.remit.kernel.policy.Trace.Truth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Why policy answers one request so: which policies decided, which nearly did, and what kept them.
///
/// Holds facts of the request, arguments among them: it is for those who may see the request.
///
/// @param decided those that made the decision
/// @param nearly those that would have made a stricter one, or, after a deny for want of a permit,
///   a milder one: forbids, or permits, whose scope covers the request but whose conditions do not
///   hold; where there is no such permit, those that one part of the scope keeps away
record Reasoning(Decision decision, List<Trace> decided, List<Trace> nearly) {
  private static final int NEARLY_MAX = 5;

  static Reasoning of(PolicySet policies, Entities entities, Request request, Decision decision) {
    var because = new HashSet<PolicyId>(decision.because());
    decision.errors().stream().map(PolicyError::policy).forEach(because::add);
    var decided = new ArrayList<Trace>();
    var kept = new ArrayList<Trace>();
    var away = new ArrayList<Trace>();
    var rival = rival(decision);
    for (var policy : policies.policies()) {
      if (because.contains(policy.id())) {
        decided.add(policy.trace(request, entities));
      } else if (rival.contains(policy.effect())) {
        var trace = policy.trace(request, entities);
        if (trace.covers() && trace.truth() != Truth.TRUE && kept.size() < NEARLY_MAX) {
          kept.add(trace);
        } else if (trace.missed().size() == 1 && away.size() < NEARLY_MAX) {
          away.add(trace);
        }
      }
    }
    boolean permitsMissing = rival.contains(Effect.PERMIT);
    return new Reasoning(decision, decided, kept.isEmpty() && permitsMissing ? away : kept);
  }

  /// What kind of policy could have decided otherwise. Beside a satisfied forbid that neither holds
  /// nor defers, and beside an obligation, no further permit changes anything.
  private static Set<Effect> rival(Decision decision) {
    return switch (decision) {
      case Decision.Deny deny -> deny.because().isEmpty() ? Set.of(Effect.PERMIT) : Set.of();
      case Decision.Defer _, Decision.Hold _, Decision.Modify _, Decision.Allow _ ->
          Set.of(Effect.FORBID);
    };
  }

  /// Returns the same without the request's facts, for those who may not see them.
  Reasoning withoutFacts() {
    return new Reasoning(
        decision,
        decided.stream().map(Trace::withoutFacts).toList(),
        nearly.stream().map(Trace::withoutFacts).toList());
  }

  /// Returns it in sentences, the deciding ones first.
  List<String> sentences() {
    var said = new ArrayList<String>();
    decided.forEach(trace -> said.add(decisive(trace)));
    if (decision instanceof Decision.Modify(_, var obligations, _)) {
      said.add("it goes on narrowed: " + String.join(", ", DecisionMembers.texts(obligations)));
    }
    if (decided.isEmpty()) {
      said.add("no policy permits it");
    }
    nearly.forEach(trace -> said.add(near(trace)));
    return said;
  }

  private String decisive(Trace trace) {
    var policy = trace.policy();
    return switch (trace.truth()) {
      case TRUE -> name(policy) + does(policy) + because(trace);
      case FALSE -> name(policy) + " decided";
      case FAILED, UNDECIDED ->
          name(policy)
              + (decision instanceof Decision.Defer
                  ? " waits for a fact"
                  : " cannot be evaluated"
                      + (policy.effect() == Effect.FORBID ? ", and a forbid in doubt denies" : ""))
              + trace.against().stream().map(Reasoning::failing).collect(Collectors.joining());
    };
  }

  private static String does(Policy policy) {
    if (policy.annotations().containsKey("hold")) {
      return " holds it";
    }
    if (policy.annotations().containsKey("defer")) {
      return " puts it off";
    }
    return policy.effect() == Effect.PERMIT ? " permits it" : " forbids it";
  }

  private static String because(Trace trace) {
    var held =
        trace.steps().stream()
            .filter(step -> step.condition().depth() == 0 && !step.condition().constant())
            .map(step -> "`" + step.condition().text() + "`" + facts(step))
            .collect(Collectors.joining("; "));
    return held.isEmpty() ? ": it has no conditions" : ": " + held;
  }

  private static String near(Trace trace) {
    var policy = trace.policy();
    var would = policy.effect() == Effect.PERMIT ? " would permit it" : " would forbid it";
    return trace.covers()
        ? name(policy)
            + would
            + trace.against().stream().map(Reasoning::failing).collect(Collectors.joining())
        : name(policy) + would + " if `" + trace.missed().getFirst() + "` were so";
  }

  private static String failing(Step step) {
    return switch (step.truth()) {
      case FAILED, UNDECIDED ->
          ", but `" + step.condition().text() + "` fails: " + step.message() + facts(step);
      case TRUE, FALSE -> " if `" + step.condition().text() + "` held" + facts(step);
    };
  }

  /// What of a condition is not plain from its text.
  private static String facts(Step step) {
    var facts =
        step.seen().stream()
            .map(seen -> seen.fact() + " is " + seen.value())
            .collect(Collectors.joining(", "));
    return facts.isEmpty() ? "" : " (" + facts + ")";
  }

  private static String name(Policy policy) {
    return "`" + policy.id() + "`";
  }

  /// Adds it to an answer, as `reasons` in sentences and `traces` for programs.
  void addTo(ObjectNode json) {
    var reasons = json.putArray("reasons");
    sentences().forEach(reasons::add);
    var policies = json.putArray("traces");
    decided.forEach(trace -> policies.add(json(trace, "decided")));
    nearly.forEach(trace -> policies.add(json(trace, "nearly")));
  }

  private static ObjectNode json(Trace trace, String part) {
    var json = JsonMapper.shared().createObjectNode();
    json.put("policy", trace.policy().id().value());
    json.put("effect", trace.policy().effect() == Effect.PERMIT ? "permit" : "forbid");
    json.put("part", part);
    texts(json.putArray("outsideScope"), trace.missed());
    var conditions = json.putArray("conditions");
    for (var step : trace.steps()) {
      var one = conditions.addObject();
      one.put("text", step.condition().text());
      one.put("depth", step.condition().depth());
      one.put("says", step.truth().name().toLowerCase(java.util.Locale.ROOT));
      if (!step.message().isEmpty()) {
        one.put("message", step.message());
      }
      var facts = one.putObject("facts");
      step.seen().forEach(seen -> facts.put(seen.fact(), seen.value()));
    }
    return json;
  }

  private static void texts(ArrayNode into, List<String> texts) {
    texts.forEach(into::add);
  }
}
