package dev.remit.server.credentials;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
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
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The secrets over HTTP. No operation returns a value.
public final class SecretRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private final Secrets secrets;
  private final Supplier<Registered> registered;
  private final Function<SecretName, Optional<String>> warning;

  /// @param warning what speaks against a secret that was just stored, in one sentence
  public SecretRoutes(
      Secrets secrets,
      Supplier<Registered> registered,
      Function<SecretName, Optional<String>> warning) {
    this.secrets = secrets;
    this.registered = registered;
    this.warning = warning;
  }

  public List<Operation> operations() {
    var keepers = Access.people(Role.ADMIN, Role.SECURITY);
    return List.of(
        new Operation(
            Method.PUT, "/v1/secrets/{name}", keepers, "Store or replace a secret", this::put),
        new Operation(
            Method.GET,
            "/v1/secrets",
            Access.people(Role.ADMIN, Role.SECURITY, Role.AUDITOR),
            "List the names of stored secrets",
            _ -> list()),
        new Operation(
            Method.GET,
            "/v1/secrets/shared",
            Access.people(Role.OWNER, Role.ADMIN, Role.SECURITY, Role.AUDITOR),
            "Report the upstream secrets that stand for several workloads, or for too long",
            this::shared),
        new Operation(
            Method.DELETE, "/v1/secrets/{name}", keepers, "Delete a secret", this::delete));
  }

  private Reply put(Call call) {
    var name = call.param("name", SecretName::new);
    var body = call.json();
    var rotate = body.path("rotate");
    if (!body.isObject() || !(rotate.isMissingNode() || rotate.isBoolean())) {
      throw wrong("the body must be an object, and `rotate` true, false or left out");
    }
    secrets.put(name, kept(body), rotate.asBoolean(false), person(call), call.at());
    var stored = JSON.createObjectNode().put("name", name.value());
    warning.apply(name).ifPresent(text -> stored.put("warning", text));
    return Reply.json(200, stored);
  }

  private Reply list() {
    var array = JSON.createArrayNode();
    secrets
        .names()
        .forEach(secret ->
            array.add(
                json(secret, secrets.place(secret.name()).orElseGet(JSON::createObjectNode))));
    return Reply.json(200, JSON.createObjectNode().set("secrets", array));
  }

  private Reply shared(Call call) {
    var storedAt =
        secrets.names().stream()
            .collect(Collectors.toMap(one -> one.name().value(), StoredSecret::storedAt));
    return Reply.json(200, SharedSecrets.of(registered.get(), storedAt, call.at()));
  }

  private Reply delete(Call call) {
    var name = call.param("name", SecretName::new);
    return secrets.delete(name, person(call), call.at())
        ? Reply.empty(204)
        : Reply.problem(Problem.notFound("secret `" + name + "`"));
  }

  private static Kept kept(JsonNode body) {
    try {
      return Kept.read(((ObjectNode) body.deepCopy()).without("rotate"));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static ObjectNode json(StoredSecret secret, ObjectNode place) {
    var json =
        JSON.createObjectNode()
            .put("name", secret.name().value())
            .put("rotate", secret.rotate())
            .put("storedBy", secret.by())
            .put("storedAt", secret.storedAt().toString());
    json.set("elsewhere", place);
    return json;
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller person) {
      return person.name();
    }
    throw new IllegalStateException("the edge admits only people to secrets");
  }

  private static ProblemException wrong(String detail) {
    return new ProblemException(Problem.badRequest(detail, "correct the body"));
  }
}
