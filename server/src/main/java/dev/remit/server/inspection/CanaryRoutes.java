package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.CanaryId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.Registered;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Canaries over HTTP.
public final class CanaryRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int WORDS_MAX = 2_000;

  private final Canaries canaries;
  private final Sightings sightings;
  private final Supplier<Registered> registered;

  public CanaryRoutes(Canaries canaries, Sightings sightings, Supplier<Registered> registered) {
    this.canaries = canaries;
    this.sightings = sightings;
    this.registered = registered;
  }

  public List<Operation> operations() {
    var keepers = Access.people(Role.ADMIN, Role.SECURITY);
    var readers = Access.people(Role.ADMIN, Role.SECURITY, Role.AUDITOR);
    return List.of(
        new Operation(
            Method.GET,
            "/v1/canaries",
            readers,
            "List canaries without their values, those that are looked for first",
            _ -> list()),
        new Operation(
            Method.POST,
            "/v1/canaries",
            keepers,
            "Plant a canary and tell its value, once: `{\"workflow\": \"…\", \"place\": \"…\"}`;"
                + " `value` declares one that is there already",
            this::plant),
        new Operation(
            Method.GET,
            "/v1/canaries/{id}/sightings",
            readers,
            "Say where a canary was seen",
            this::seen),
        new Operation(
            Method.POST,
            "/v1/canaries/{id}/retire",
            keepers,
            "Look for a canary no longer: `{\"reason\": \"…\"}`",
            this::retire));
  }

  private Reply list() {
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    canaries.list().forEach(canary -> items.add(json(canary)));
    return Reply.json(200, json);
  }

  private Reply plant(Call call) {
    var body = call.json();
    var workflow = body.path("workflow").asString("");
    var resource = body.path("resource").asString("");
    if (workflow.isEmpty() == resource.isEmpty()) {
      throw bad("a canary belongs to one thing", "name a workflow or a resource");
    }
    var planted =
        workflow.isEmpty()
            ? plant(call, body, Canary.Subject.RESOURCE, resource)
            : plant(call, body, Canary.Subject.WORKFLOW, workflow);
    return switch (planted) {
      case Canaries.Planting.Done(var canary, var value) ->
          Reply.json(201, canary.planted() ? json(canary).put("value", value) : json(canary));
      case Canaries.Planting.TooMany() ->
          Reply.problem(
              new Problem(
                  409,
                  "too-many-canaries",
                  Canaries.STANDING_MAX + " canaries are looked for already",
                  "retire some first: remit canary retire ID"));
    };
  }

  private Canaries.Planting plant(Call call, JsonNode body, Canary.Subject on, String name) {
    var owner = owner(body, on, name, person(call));
    return canaries.plant(
        on, name, owner, words(body, "place"), declared(body), person(call), call.at());
  }

  /// Whoever is named, else the owner of the workflow, else who plants it.
  private PersonName owner(JsonNode body, Canary.Subject on, String name, PersonName asker) {
    var now = registered.get();
    var given = body.path("owner").asString("");
    if (!given.isEmpty()) {
      var owner = form("owner", given, PersonName::new);
      if (now.person(owner).isEmpty()) {
        throw bad("nobody is declared as `" + given + "`", "name a declared person as `owner`");
      }
      known(on, name);
      return owner;
    }
    return known(on, name).orElse(asker);
  }

  private Optional<PersonName> known(Canary.Subject on, String name) {
    var now = registered.get();
    return switch (on) {
      case WORKFLOW ->
          Optional.of(
              now.workflow(form("workflow", name, WorkflowName::new))
                  .orElseThrow(
                      () -> bad("there is no workflow `" + name + "`", "see `remit get workflows`"))
                  .owner());
      case RESOURCE -> {
        if (now.resource(form("resource", name, ResourceName::new)).isEmpty()) {
          throw bad("there is no resource `" + name + "`", "see `remit get resources`");
        }
        yield Optional.empty();
      }
    };
  }

  private static Optional<String> declared(JsonNode body) {
    var value = body.path("value");
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    var text = value.asString("").strip();
    if (text.getBytes(UTF_8).length < KnownValues.WINDOW || text.length() > Canaries.VALUE_MAX) {
      throw bad(
          "a declared canary has "
              + KnownValues.WINDOW
              + " bytes to "
              + Canaries.VALUE_MAX
              + " characters",
          "a shorter one would be found by chance: choose a longer value, or leave `value` out");
    }
    return Optional.of(text);
  }

  private Reply seen(Call call) {
    var id = call.param("id", CanaryId::new);
    if (canaries.find(id).isEmpty()) {
      return Reply.problem(Problem.notFound("canary `" + id + "`"));
    }
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    sightings.seen(id).forEach(seen -> items.add(json(seen)));
    return Reply.json(200, json);
  }

  private Reply retire(Call call) {
    var id = call.param("id", CanaryId::new);
    return canaries
        .retire(id, words(call.json(), "reason"), person(call), call.at())
        .map(canary -> Reply.json(200, json(canary)))
        .orElseGet(() -> Reply.problem(Problem.notFound("canary `" + id + "`")));
  }

  private static ObjectNode json(Canary canary) {
    var json =
        JSON.createObjectNode()
            .put("id", canary.id().value())
            .put(canary.on().word(), canary.name())
            .put("owner", canary.owner().value())
            .put("place", canary.place())
            .put("declared", !canary.planted())
            .put("plantedBy", canary.by().value())
            .put("plantedAt", canary.at().toString());
    canary
        .retired()
        .ifPresent(
            it -> json.put("retiredBy", it.by().value()).put("retiredAt", it.at().toString()));
    return json;
  }

  private static ObjectNode json(CanarySighting seen) {
    return JSON.createObjectNode()
        .put("at", seen.at().toString())
        .put("in", seen.in().flow().word())
        .put("target", seen.in().target())
        .put("identity", seen.in().identity().value())
        .put("task", seen.in().task().value())
        .put("decision", seen.in().decision().value());
  }

  private static String words(JsonNode body, String member) {
    var words = body.path(member).asString("").strip();
    if (words.isEmpty() || words.length() > WORDS_MAX) {
      throw bad(
          "`" + member + "` has 1 to " + WORDS_MAX + " characters",
          member.equals("place") ? "say where it is put, in words" : "say why");
    }
    return words;
  }

  private static <T> T form(String what, String given, Function<String, T> type) {
    try {
      return type.apply(given);
    } catch (IllegalArgumentException e) {
      throw bad("the " + what + " is wrong: " + e.getMessage(), "correct it");
    }
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to canaries");
  }

  private static ProblemException bad(String detail, String remedy) {
    return new ProblemException(Problem.badRequest(detail, remedy));
  }
}
