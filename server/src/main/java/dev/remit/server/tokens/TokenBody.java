package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.task.TaskScope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The claims of a task token, as they are signed.
///
/// Written and read only here, so that the two cannot differ. Source: `docs/formats/task-token.md`;
/// RFC 9068, RFC 9396.
record TokenBody(
    SpiffeId subject,
    URI audience,
    WorkflowName workflow,
    TaskId task,
    String intent,
    TaskScope scope,
    Epochs epochs,
    Instant issuedAt,
    String jti,
    List<Delegator> delegators,
    Optional<SpiffeId> mayAct,
    Binding binding,
    Optional<StatusPlace> status,
    Optional<OnBehalf> onBehalf) {
  /// The type of authorization details that Remit understands.
  static final String DETAILS_TYPE = "https://remit.dev/task";

  /// What `callsMax` is when nothing limits the calls of a task but its grants.
  static final long UNLIMITED = Long.MAX_VALUE;

  private static final JsonMapper JSON = JsonMapper.shared();

  TokenBody {
    delegators = List.copyOf(delegators);
  }

  Instant expiresAt() {
    return scope.expiresAt();
  }

  byte[] toJson(URI issuer) {
    var claims = JSON.createObjectNode();
    claims.put("iss", issuer.toString());
    claims.put("sub", DelegationJson.principal(this));
    claims.put("aud", audience.toString());
    claims.put("exp", expiresAt().getEpochSecond());
    claims.put("iat", issuedAt.getEpochSecond());
    claims.put("jti", jti);
    claims.put("client_id", subject.value());
    claims.put("task", task.value());
    claims.put("workflow", workflow.value());
    claims.put("intent", intent);
    claims.set("authorization_details", details());
    claims.set("epochs", epochsJson(epochs));
    status.ifPresent(place -> claims.set("status", place.toJson(issuer)));
    DelegationJson.write(this, claims);
    binding.write(claims);
    return claims.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Returns the authorization details that say what the token is good for.
  ArrayNode details() {
    var details = JSON.createObjectNode();
    details.put("type", DETAILS_TYPE);
    details.put("task", task.value());
    details.put("intent", intent);
    if (scope.tools() instanceof TaskScope.Tools.Named(var names)) {
      var array = details.putArray("tools");
      names.stream().sorted().forEach(name -> array.add(name.toString()));
    }
    if (scope.callsMax() != UNLIMITED) {
      details.put("callsMax", scope.callsMax());
    }
    return JSON.createArrayNode().add(details);
  }

  static ObjectNode epochsJson(Epochs epochs) {
    var json =
        JSON.createObjectNode()
            .put("owner", epochs.owner().value())
            .put("identity", epochs.identity())
            .put("workflow", epochs.workflow())
            .put("person", epochs.person());
    if (!epochs.beside().isEmpty()) {
      var beside = json.putObject("beside");
      epochs.beside().entrySet().stream()
          .sorted(Comparator.comparing(one -> one.getKey().path()))
          .forEach(one -> beside.put(one.getKey().path(), one.getValue()));
    }
    return json;
  }

  /// Reads claims that this server signed; empty if they are not a task token's.
  static Optional<TokenBody> read(byte[] json) {
    try {
      return Optional.of(body(JSON.readTree(json)));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static TokenBody body(JsonNode claims) {
    var details = claims.path("authorization_details").path(0);
    var scope =
        new TaskScope(
            tools(details.path("tools")),
            Instant.ofEpochSecond(number(claims, "exp")),
            details.has("callsMax") ? number(details, "callsMax") : UNLIMITED);
    return new TokenBody(
        new SpiffeId(text(claims, "client_id")),
        URI.create(text(claims, "aud")),
        new WorkflowName(text(claims, "workflow")),
        new TaskId(text(claims, "task")),
        text(claims, "intent"),
        scope,
        epochs(claims.path("epochs")),
        Instant.ofEpochSecond(number(claims, "iat")),
        text(claims, "jti"),
        DelegationJson.delegators(claims),
        DelegationJson.mayAct(claims),
        Binding.of(claims),
        claims.has("status")
            ? Optional.of(StatusPlace.read(claims.path("status")))
            : Optional.empty(),
        DelegationJson.onBehalf(claims));
  }

  static Epochs epochs(JsonNode epochs) {
    return new Epochs(
        new PersonName(text(epochs, "owner")),
        number(epochs, "identity"),
        number(epochs, "workflow"),
        number(epochs, "person"),
        beside(epochs.path("beside")));
  }

  private static Map<Party, Long> beside(JsonNode beside) {
    return beside.propertyNames().stream()
        .collect(Collectors.toUnmodifiableMap(Party::parse, name -> number(beside, name)));
  }

  private static TaskScope.Tools tools(JsonNode tools) {
    if (tools.isMissingNode()) {
      return new TaskScope.Tools.AllGranted();
    }
    return new TaskScope.Tools.Named(
        tools
            .valueStream()
            .map(name -> ToolName.parse(name.asString()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  static String text(JsonNode object, String name) {
    var value = object.path(name);
    if (!value.isString()) {
      throw new IllegalArgumentException("no text `" + name + "`");
    }
    return value.stringValue();
  }

  static long number(JsonNode object, String name) {
    var value = object.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("no integer `" + name + "`");
    }
    return value.longValue();
  }
}
