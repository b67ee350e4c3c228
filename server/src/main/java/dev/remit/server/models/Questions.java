package dev.remit.server.models;

import dev.remit.kernel.identity.Word;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.SecretFacts;
import dev.remit.server.decisions.Target;
import dev.remit.server.decisions.TaskFacts;
import dev.remit.server.gateway.ProposalDoor;
import dev.remit.server.models.GovernedQuestion.Asks;
import java.time.Instant;
import java.util.Collection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Says a question to a model in the words of policy.
///
/// Source: `docs/guides/models.md`, "What policy sees".
final class Questions {
  private final ProposalDoor tasks;

  Questions(ProposalDoor tasks) {
    this.tasks = tasks;
  }

  /// @param known what is known of it beside what it says itself
  Question asking(Asks asks, CallFacts known, Instant now) {
    var asked = asks.asked();
    var reserved = asks.reserved();
    return new Question(
        asked.claims().identity(),
        task(asked, reserved, now),
        Action.ASK,
        target(asked, asked.request().endpoint().path()),
        new Arguments.Given(arguments(asked, reserved)),
        known.with(asks.secrets()),
        now);
  }

  /// What the provider would do, or what is proposed.
  Question of(Asks asks, Action action, String item, SecretFacts secrets, Instant now) {
    var asked = asks.asked();
    return new Question(
        asked.claims().identity(),
        task(asked, asks.reserved(), now),
        action,
        target(asked, item),
        new Arguments.Given(MissingNode.getInstance()),
        CallFacts.NONE.with(secrets),
        now);
  }

  private TaskFacts task(Asked asked, Spending.Reservation reserved, Instant now) {
    var facts = tasks.facts(asked.claims(), now);
    return new TaskFacts(
        facts.id(),
        facts.intent(),
        facts.callsMax(),
        facts.expiresAt(),
        facts.delegators(),
        facts.usage().with(reserved.before()));
  }

  private static Target.OfModel target(Asked asked, String item) {
    return new Target.OfModel(asked.model().name(), asked.resource().name(), item);
  }

  private static JsonNode arguments(Asked asked, Spending.Reservation reserved) {
    var request = asked.request();
    var json = JsonMapper.shared().createObjectNode();
    json.put("dialect", ((Word) request.endpoint().dialect()).word());
    json.put("streams", request.streams());
    json.put("promptBytes", request.bytes());
    json.put("tokensAtMost", reserved.tokens());
    if (request.endpoint().generates()) {
      json.put(
          "maxOutputTokens",
          reserved.outputMax() >= 0
              ? reserved.outputMax()
              : request.outputMax().orElse(Long.MAX_VALUE));
    }
    all(json, "tools", request.tools().keySet());
    all(
        json,
        "undeclaredTools",
        request.tools().keySet().stream()
            .filter(name -> ProposalDoor.meant(asked.registered(), asked.claims(), name).isEmpty())
            .toList());
    all(json, "hostedTools", request.hostedTools());
    all(json, "retains", request.retains());
    return json;
  }

  private static void all(ObjectNode json, String name, Collection<String> words) {
    var array = json.putArray(name);
    words.stream().sorted().forEach(array::add);
  }
}
