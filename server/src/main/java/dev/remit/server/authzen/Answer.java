package dev.remit.server.authzen;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.decisions.DecisionMembers;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One decision in the specification's form, with everything that explains it in `context`.
///
/// Source: Authorization API 1.0, section 5.5; the members of `context` stand in
/// `docs/guides/authzen.md`.
record Answer(DecisionId id, Judged judged) {

  ObjectNode toJson() {
    var json = JsonMapper.shared().createObjectNode();
    json.put("decision", judged.isAllowed());
    var context = json.putObject("context");
    context.put("id", id.value());
    switch (judged) {
      case Judged.ByPolicy(_, _, var decided, _) -> {
        explain(context, decided.decision());
        context.put("policies", decided.policies().value());
      }
      case Judged.Before(_, var reason, var detail, var next) ->
          refusal(context, reason, detail).put("next", next);
      case Judged.NotForYou() -> error(context, 403, Wording.NOT_FOR_YOU);
      case Judged.Unreadable(var what) -> error(context, 400, what);
    }
    // Said on every answer: what was let through is known only to whoever enforces.
    context.put("enforced", false);
    return json;
  }

  private static void explain(ObjectNode context, Decision decision) {
    context.put("outcome", decision.word());
    put(context, "because", decision.because().stream().map(PolicyId::value).toList());
    put(context, "errors", DecisionMembers.errors(decision));
    put(context, "nearly", DecisionMembers.nearly(decision));
    switch (decision) {
      case Decision.Allow _ -> {}
      case Decision.Hold(_, var terms, var patience, _) -> {
        var roles = terms.roles();
        put(context, "roles", roles.stream().map(Word::word).sorted().toList());
        context.put("patienceSeconds", patience.toSeconds());
        context.put("next", holdStep(roles));
      }
      case Decision.Modify(_, var obligations, _) -> {
        put(context, "limits", obligations.limits().stream().map(Object::toString).toList());
        put(
            context,
            "redactions",
            obligations.redactions().stream().map(Object::toString).toList());
        context.put("next", "it is allowed only narrowed; Remit's gateway narrows it");
      }
      case Decision.Defer(_, var retryAfter, _) ->
          context
              .put("retryAfterSeconds", retryAfter.toSeconds())
              .put("next", "it cannot be decided yet; ask again after `retryAfterSeconds`");
      case Decision.Deny _ ->
          context.put("next", "`remit explain` with this id names what decided, what to change");
    }
  }

  private static String holdStep(Set<Role> roles) {
    return "a person must agree first ("
        + roles.stream().map(Word::word).sorted().collect(Collectors.joining(" and "))
        + "): nobody was asked by this; send the call through Remit's gateway, which asks";
  }

  private static ObjectNode refusal(ObjectNode context, String reason, String detail) {
    return context
        .put("outcome", "deny")
        .put("reason", reason)
        .put("detail", DecisionMembers.shortened(detail));
  }

  private static void error(ObjectNode context, int status, String message) {
    context.put("outcome", "deny");
    context.putObject("error").put("status", status).put("message", message);
  }

  private static void put(ObjectNode context, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      var array = context.putArray(name);
      texts.forEach(array::add);
    }
  }
}
