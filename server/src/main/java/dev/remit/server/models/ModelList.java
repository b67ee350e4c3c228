package dev.remit.server.models;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.Target;
import dev.remit.server.gateway.ProposalDoor;
import dev.remit.server.registry.Covering;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream.Dialect;
import dev.remit.server.tokens.TaskClaims;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The models of a resource that an agent may ask at all: granted to everybody who answers for the
/// work, and not denied by policy whatever the question. What the provider lists is not asked.
final class ModelList {
  private final Registry registry;
  private final Decisions decisions;
  private final ProposalDoor tasks;

  ModelList(Registry registry, Decisions decisions, ProposalDoor tasks) {
    this.registry = registry;
    this.decisions = decisions;
    this.tasks = tasks;
  }

  byte[] of(TaskClaims claims, Resource resource, Dialect dialect, Instant now) {
    var json = JsonMapper.shared().createObjectNode();
    var models = models(claims, resource, now);
    if (dialect == Dialect.OPENAI) {
      json.put("object", "list");
    }
    var data = json.putArray("data");
    for (var model : models) {
      var one = data.addObject().put("id", model.model());
      switch (dialect) {
        case OPENAI ->
            one.put("object", "model").put("created", 0).put("owned_by", model.provider());
        case ANTHROPIC ->
            one.put("type", "model")
                .put("display_name", model.name().value())
                .put("created_at", "1970-01-01T00:00:00Z");
      }
    }
    if (dialect == Dialect.ANTHROPIC) {
      json.put("has_more", false);
      if (!models.isEmpty()) {
        json.put("first_id", models.getFirst().model()).put("last_id", models.getLast().model());
      }
    }
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private List<Model> models(TaskClaims claims, Resource resource, Instant now) {
    var registered = registry.current();
    return registered.models(resource.name()).stream()
        .filter(model -> !model.isWithdrawn(now))
        .filter(model -> isGranted(registered, claims, resource, model, now))
        .filter(model -> couldBe(claims, resource, model, now))
        .sorted(Comparator.comparing(Model::model))
        .toList();
  }

  private static boolean isGranted(
      Registered registered, TaskClaims claims, Resource resource, Model model, Instant now) {
    return claims.identities().stream()
        .allMatch(name ->
            registered
                .identity(name)
                .map(identity ->
                    Covering.of(
                        registered,
                        name,
                        resource.name(),
                        grant -> grant.namesModel(model, identity),
                        now))
                .filter(Covering.By.class::isInstance)
                .isPresent());
  }

  private boolean couldBe(TaskClaims claims, Resource resource, Model model, Instant now) {
    var question =
        new Question(
            claims.identity(),
            tasks.facts(claims, now),
            Action.ASK,
            new Target.OfModel(model.name(), resource.name(), ""),
            new Arguments.NotYet(),
            CallFacts.NONE,
            now);
    var decided = decisions.decideAll(List.of(question)).getFirst();
    return decided.isObserved() || !(decided.decision() instanceof Decision.Deny);
  }
}
