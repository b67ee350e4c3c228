package dev.remit.server.gateway;

import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.ArgumentCheck;
import dev.remit.server.decisions.Target;
import dev.remit.server.gateway.Admission.Found;
import dev.remit.server.gateway.wire.Era;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Everything that has to cover a decided request before policy is asked, in this order: the state
/// it carries back is ours and its own, the workflow still runs, the task's scope, a grant, the
/// tool's pinned definition, the headers that mirror arguments, and the schema of the arguments.
final class Coverage {
  private final InstantSource clock;
  private final Definitions definitions;
  private final DefinitionQuery query;
  private final ArgumentCheck arguments;
  private final TaskUse use;
  private final RequestStates states;

  Coverage(
      InstantSource clock,
      Definitions definitions,
      DefinitionQuery query,
      ArgumentCheck arguments,
      TaskUse use,
      RequestStates states) {
    this.clock = clock;
    this.definitions = definitions;
    this.query = query;
    this.arguments = arguments;
    this.use = use;
    this.states = states;
  }

  /// Checking a definition may mean asking the server for it, so this can be cut.
  Found of(Call call) {
    if (!call.exchange().begin()) {
      return new Found.Refused(call.cutShort());
    }
    try {
      return covered(call);
    } finally {
      call.exchange().end();
    }
  }

  private Found covered(Call call) {
    var now = clock.instant();
    var forged = states.problem(call, now);
    if (forged.isPresent()) {
      return new Found.Refused(forged.get());
    }
    var found = admitted(call, now);
    return found instanceof Found.Covered(Asked.OfTool asked)
        ? unfit(call, asked, now).<Found>map(Found.Refused::new).orElse(found)
        : found;
  }

  private static Found admitted(Call call, Instant now) {
    var agent = call.agent();
    var resource = call.resource().name();
    var params = call.message().params();
    return switch (call.method()) {
      case TOOLS_CALL -> Admission.tool(agent, resource, params.name(), now);
      case PROMPTS_GET -> Admission.prompt(agent, resource, params.name(), now);
      case RESOURCES_READ, RESOURCES_SUBSCRIBE ->
          Admission.read(agent, resource, params.uri(), now);
      case COMPLETION -> completion(call, now);
      default -> new Found.Refused(new Refusal.UnknownMethod(call.method().toString()));
    };
  }

  private static Found completion(Call call, Instant now) {
    JsonNode ref = call.message().params().fields().path("ref");
    var prompt = ref.path("name").asString("");
    var uri = ref.path("uri").asString("");
    return prompt.isEmpty() == uri.isEmpty()
        ? new Found.Refused(new Refusal.BadParams("`ref` names a prompt or a resource"))
        : Admission.completion(call.agent(), call.resource().name(), prompt, uri, now);
  }

  private Optional<Refusal> unfit(Call call, Asked.OfTool asked, Instant now) {
    var tool = asked.tool();
    var given = call.message().params().arguments();
    return use.spent(asked)
        .<Refusal>map(Refusal.CallsSpent::new)
        .or(() -> definitions.check(tool, now, () -> query.all(call)))
        .or(() ->
            call.era() == Era.MODERN
                ? HeaderAgreement.mirrored(call.headers(), tool.inputSchema(), given)
                : Optional.empty())
        .or(() -> {
          var problems = arguments.problems(tool, given);
          return problems.isEmpty()
              ? Optional.empty()
              : Optional.of(new Refusal.BadArguments(tool.name(), problems));
        })
        .or(() -> unspeakable(call));
  }

  /// What has no canonical form cannot be bound to an approval, nor compared by anybody later.
  private static Optional<Refusal> unspeakable(Call call) {
    try {
      ArgumentDigest.of(call.message().params());
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(new Refusal.BadParams("arguments: " + e.getMessage()));
    }
  }

  static Asked.OfItem reading(Call call, String uri) {
    return new Asked.OfItem(Action.READ, uri, new Target.OfResource(call.resource().name(), uri));
  }
}
