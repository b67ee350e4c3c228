package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The claims that say for whom a token's holder acts.
///
/// `sub` is whom it is all for: a person who let an agent act for them, else the first who handed
/// work on. `act` names who acts now, and within it each who acted before, the latest first (RFC
/// 8693, section 4.1); `delegation` says the rest of each who handed on, the first of them first.
/// `may_act` (section 4.4) names who may be handed the work by this token.
final class DelegationJson {
  private DelegationJson() {}

  /// Returns whom the work is for in the end: a person, or the first identity.
  static String principal(TokenBody body) {
    return body.onBehalf().map(one -> one.person().value()).orElseGet(() -> first(body).value());
  }

  private static SpiffeId first(TokenBody body) {
    return body.delegators().isEmpty() ? body.subject() : body.delegators().getFirst().subject();
  }

  static void write(TokenBody body, ObjectNode claims) {
    body.mayAct().ifPresent(who -> claims.putObject("may_act").put("sub", who.value()));
    body.onBehalf().ifPresent(one -> claims.set("person", json(one)));
    if (body.delegators().isEmpty() && body.onBehalf().isEmpty()) {
      return;
    }
    var act = claims.putObject("act").put("sub", body.subject().value());
    int principals = body.onBehalf().isPresent() ? 0 : 1;
    var between = body.delegators().subList(principals, body.delegators().size());
    for (var before : between.reversed()) {
      act = act.putObject("act").put("sub", before.subject().value());
    }
    if (!body.delegators().isEmpty()) {
      write(body.delegators(), claims);
    }
  }

  static void write(List<Delegator> links, ObjectNode claims) {
    var delegation = claims.putArray("delegation");
    links.forEach(one -> delegation.add(json(one)));
  }

  private static ObjectNode json(OnBehalf one) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", one.person().value())
        .put("epoch", one.epoch())
        .put("client", one.client());
  }

  static Optional<OnBehalf> onBehalf(JsonNode claims) {
    var person = claims.path("person");
    return person.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new OnBehalf(
                new PersonName(TokenBody.text(person, "name")),
                TokenBody.number(person, "epoch"),
                TokenBody.text(person, "client")));
  }

  private static ObjectNode json(Delegator one) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("identity", one.identity().value())
            .put("sub", one.subject().value())
            .put("workflow", one.workflow().value())
            .put("task", one.task().value());
    if (one.callsMax() != TokenBody.UNLIMITED) {
      json.put("callsMax", one.callsMax());
    }
    json.set("epochs", TokenBody.epochsJson(one.epochs()));
    return json;
  }

  static List<Delegator> delegators(JsonNode claims) {
    return claims.path("delegation").valueStream().map(DelegationJson::delegator).toList();
  }

  private static Delegator delegator(JsonNode one) {
    return new Delegator(
        new IdentityName(TokenBody.text(one, "identity")),
        new SpiffeId(TokenBody.text(one, "sub")),
        new WorkflowName(TokenBody.text(one, "workflow")),
        new TaskId(TokenBody.text(one, "task")),
        one.has("callsMax") ? TokenBody.number(one, "callsMax") : TokenBody.UNLIMITED,
        TokenBody.epochs(one.path("epochs")));
  }

  static Optional<SpiffeId> mayAct(JsonNode claims) {
    return claims.has("may_act")
        ? Optional.of(new SpiffeId(TokenBody.text(claims.path("may_act"), "sub")))
        : Optional.empty();
  }
}
