package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Problems;
import dev.remit.cli.keys.KeyFile;
import dev.remit.kernel.identity.TaskId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One task and its token, renewed before it runs out.
///
/// The first token starts the task; every later one continues it, so that all calls of one client
/// are one piece of work in the ledger. Safe for use by many threads.
///
/// Source: `private_key_jwt` of OpenID Connect Core 9 and RFC 7523 for the proof, RFC 9396 for the
/// task, RFC 8707 for the audience.
final class TaskToken {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String TASK_TYPE = "https://remit.dev/task";
  private static final Duration PROOF_LIFETIME = Duration.ofMinutes(1);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI address;
  private final String resource;
  private final String intent;
  private final KeyFile key;
  private final InstantSource clock;
  private Optional<Place> place = Optional.empty();
  private Optional<Issued> issued = Optional.empty();

  /// What the server says of itself, asked once.
  ///
  /// @param audience the name it has for the resource, which may differ from the address we use
  private record Place(String issuer, URI tokenEndpoint, String audience) {}

  /// @param renewAt when a new token is fetched: before four fifths of its life are over
  private record Issued(String token, TaskId task, Instant renewAt) {}

  TaskToken(
      HttpClient http,
      URI address,
      String resource,
      String intent,
      KeyFile key,
      InstantSource clock) {
    this.http = http;
    this.address = address;
    this.resource = resource;
    this.intent = intent;
    this.key = key;
    this.clock = clock;
  }

  /// Returns where calls go.
  URI gateway() {
    return URI.create(address + "/mcp/" + resource);
  }

  String resource() {
    return resource;
  }

  /// Returns a token that is good for a while yet; the first call starts the task.
  synchronized String token() {
    var current = issued.filter(held -> clock.instant().isBefore(held.renewAt()));
    return current.orElseGet(this::renew).token();
  }

  /// Returns a token other than `refused`, which the gateway did not accept.
  synchronized String tokenOtherThan(String refused) {
    boolean newer = issued.map(Issued::token).filter(held -> !held.equals(refused)).isPresent();
    return newer ? token() : renew().token();
  }

  /// Returns the task's id; empty before the first token.
  synchronized Optional<TaskId> task() {
    return issued.map(Issued::task);
  }

  private Issued renew() {
    var where = place();
    var answer = post(where.tokenEndpoint(), form(where));
    long lifetimeSeconds = answer.path("expires_in").asLong(60);
    var next =
        new Issued(
            answer.path("access_token").asString(),
            taskIn(answer),
            clock.instant().plusMillis(lifetimeSeconds * 800));
    issued = Optional.of(next);
    return next;
  }

  private TaskId taskIn(JsonNode answer) {
    var task = answer.path("authorization_details").path(0).path("task").asString("");
    try {
      return new TaskId(task);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("the token endpoint at " + address + " names no task", "", e);
    }
  }

  private Map<String, String> form(Place where) {
    var details = JSON.createObjectNode().put("type", TASK_TYPE).put("intent", intent);
    issued.ifPresent(held -> details.put("task", held.task().value()));
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "client_credentials");
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put("client_assertion", proof(where.issuer()));
    form.put("resource", where.audience());
    form.put("authorization_details", JSON.createArrayNode().add(details).toString());
    return form;
  }

  private String proof(String audience) {
    var now = clock.instant();
    var claims = JSON.createObjectNode();
    claims.put("iss", key.spiffeId()).put("sub", key.spiffeId()).put("aud", audience);
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(PROOF_LIFETIME).getEpochSecond());
    return key.key().sign(claims);
  }

  private Place place() {
    var known = place.orElseGet(this::discover);
    place = Optional.of(known);
    return known;
  }

  private Place discover() {
    var server = metadata("/.well-known/oauth-authorization-server");
    var audience = metadata("/.well-known/oauth-protected-resource/mcp/" + resource);
    var endpoint = server.path("token_endpoint").asString("");
    // The path is the server's choice; the host stays the one we were told to use.
    var path = endpoint.isEmpty() ? "/oauth2/token" : URI.create(endpoint).getRawPath();
    return new Place(
        server.path("issuer").asString(address.toString()),
        URI.create(address + path),
        audience.path("resource").asString(gateway().toString()));
  }

  private JsonNode metadata(String path) {
    return answer(send(HttpRequest.newBuilder(URI.create(address + path)).GET()));
  }

  private JsonNode post(URI uri, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return answer(
        send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /// Says that the work is done, at which the token stops working. Says nothing twice.
  ///
  /// @return the task as it ended, with what became of its credentials; empty if there was none
  synchronized Optional<JsonNode> complete() {
    if (issued.isEmpty()) {
      return Optional.empty();
    }
    var bearer = token();
    var path = "/v1/tasks/" + issued.get().task() + "/complete";
    issued = Optional.empty();
    return Optional.of(
        answer(
            send(
                HttpRequest.newBuilder(URI.create(address + path))
                    .header("Authorization", "Bearer " + bearer)
                    .POST(BodyPublishers.noBody()))));
  }

  /// Asks for something in the name of the task; the first time starts it.
  JsonNode ask(String path, JsonNode body) {
    return answer(
        send(
            HttpRequest.newBuilder(URI.create(address + path))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.timeout(ANSWER_TIMEOUT).header("Accept", "application/json").build(),
          BodyHandlers.ofByteArray());
    } catch (ConnectException e) {
      throw new CommandFailed(
          "no server at " + address, "start it with `remit serve`, or set REMIT_ADDR", e);
    } catch (IOException e) {
      throw new CommandFailed(
          "the connection to " + address + " broke: " + e.getMessage(), "try again", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted while waiting for " + address, "", e);
    }
  }

  private JsonNode answer(HttpResponse<byte[]> response) {
    if (response.statusCode() >= 400) {
      throw Problems.of(response.statusCode(), response.body(), true);
    }
    try {
      return JSON.readTree(response.body().length == 0 ? new byte[] {'{', '}'} : response.body());
    } catch (JacksonException e) {
      throw new CommandFailed(
          "what answers at " + address + " is not a Remit server", "check REMIT_ADDR", e);
    }
  }
}
