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
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
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

/// The token of a task for one resource, renewed before it runs out.
///
/// The first token starts the [task][SharedTask]; every later one continues it, so that all calls
/// of one client are one piece of work in the ledger. Safe for use by many threads.
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
  private final SharedTask shared;
  private final InstantSource clock;
  private final Holder holder;
  private Optional<Place> place = Optional.empty();
  private Optional<Issued> issued = Optional.empty();

  /// What the server says of itself, asked once.
  ///
  /// @param audience the name it has for the resource, which may differ from the address we use
  /// @param binds whether it takes proofs of a key with requests
  private record Place(String issuer, URI tokenEndpoint, String audience, boolean binds) {}

  /// @param bound whether the token is of use only with proofs of this process's key
  /// @param renewAt when a new token is fetched: before four fifths of its life are over
  private record Issued(String token, boolean bound, TaskId task, Instant renewAt) {}

  TaskToken(
      HttpClient http,
      URI address,
      String resource,
      String intent,
      KeyFile key,
      SharedTask shared,
      InstantSource clock) {
    this.http = http;
    this.address = address;
    this.resource = resource;
    this.intent = intent;
    this.key = key;
    this.shared = shared;
    this.clock = clock;
    this.holder = new Holder(clock);
  }

  /// Returns where calls go.
  URI gateway() {
    return URI.create(address + path());
  }

  /// Returns its path.
  String path() {
    return "/mcp/" + resource;
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

  /// Returns the headers by which a request at `path` shows `token`, and that it is ours.
  synchronized Map<String, String> shown(String method, String path, String token) {
    boolean bound = issued.filter(held -> held.bound()).isPresent();
    return bound
        ? Map.of(
            "Authorization",
            "DPoP " + token,
            "DPoP",
            holder.proof(method, place().issuer() + path, Optional.of(token)))
        : Map.of("Authorization", "Bearer " + token);
  }

  /// Returns the same with a nonce that the server surely takes, for a request that cannot be sent
  /// twice. Asks for one where the last is not fresh.
  Map<String, String> surelyShown(String method, String path, String token) {
    var task = task();
    if (issuedBound() && !holder.hasFresh() && task.isPresent()) {
      holder.forget();
      var look = "/v1/tasks/" + task.get();
      hears(send(authorized("GET", look, token).GET()).headers(), "");
    }
    return shown(method, path, token);
  }

  private synchronized boolean issuedBound() {
    return issued.filter(held -> held.bound()).isPresent();
  }

  /// Takes the nonce that an answer tells.
  ///
  /// @return whether the answer asks that the same be sent with it
  boolean hears(HttpHeaders headers, String text) {
    holder.hear(headers);
    return Holder.asksForNonce(headers, text);
  }

  /// Takes a nonce that was told.
  void hears(String nonce) {
    holder.hear(nonce);
  }

  /// Returns the task's id; empty before the first token.
  synchronized Optional<TaskId> task() {
    return issued.map(Issued::task);
  }

  private Issued renew() {
    var where = place();
    var answer = shared.asked(task -> exchanged(where, task), this::taskIn);
    long lifetimeSeconds = answer.path("expires_in").asLong(60);
    var next =
        new Issued(
            answer.path("access_token").asString(),
            answer.path("token_type").asString("").equalsIgnoreCase("DPoP"),
            taskIn(answer),
            clock.instant().plusMillis(lifetimeSeconds * 800));
    issued = Optional.of(next);
    return next;
  }

  /// The first proof lacks a nonce that only the answer tells; nothing was spent by then.
  private JsonNode exchanged(Place where, Optional<TaskId> task) {
    var answer = post(where, form(where, task));
    boolean again =
        where.binds()
            && answer.statusCode() >= 400
            && hears(answer.headers(), new String(answer.body(), StandardCharsets.UTF_8));
    return answer(again ? post(where, form(where, task)) : answer);
  }

  private TaskId taskIn(JsonNode answer) {
    var task = answer.path("authorization_details").path(0).path("task").asString("");
    try {
      return new TaskId(task);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("the token endpoint at " + address + " names no task", "", e);
    }
  }

  private Map<String, String> form(Place where, Optional<TaskId> task) {
    var details = JSON.createObjectNode().put("type", TASK_TYPE).put("intent", intent);
    task.ifPresent(id -> details.put("task", id.value()));
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
        audience.path("resource").asString(gateway().toString()),
        server
            .path("dpop_signing_alg_values_supported")
            .valueStream()
            .anyMatch(algorithm -> algorithm.asString("").equals("ES256")));
  }

  private JsonNode metadata(String path) {
    return answer(send(HttpRequest.newBuilder(URI.create(address + path)).GET()));
  }

  private HttpResponse<byte[]> post(Place where, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    var request =
        HttpRequest.newBuilder(where.tokenEndpoint())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body));
    if (where.binds()) {
      var target = where.issuer() + where.tokenEndpoint().getRawPath();
      request.header("DPoP", holder.proof("POST", target, Optional.empty()));
    }
    var answer = send(request);
    holder.hear(answer.headers());
    return answer;
  }

  private HttpRequest.Builder authorized(String method, String path, String token) {
    var request = HttpRequest.newBuilder(URI.create(address + path));
    shown(method, path, token).forEach(request::header);
    return request;
  }

  /// Sends in the name of the task, again where only the nonce was missing.
  private JsonNode posted(String path, String token, BodyPublisher body, String type) {
    var answer = send(authorized("POST", path, token).header("Content-Type", type).POST(body));
    return answer(
        hears(answer.headers(), "")
            ? send(authorized("POST", path, token).header("Content-Type", type).POST(body))
            : answer);
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
    try {
      return Optional.of(posted(path, bearer, BodyPublishers.noBody(), "application/json"));
    } finally {
      issued = Optional.empty();
      shared.over();
    }
  }

  /// Asks for something in the name of the task; the first time starts it.
  JsonNode ask(String path, JsonNode body) {
    return posted(path, token(), BodyPublishers.ofString(body.toString()), "application/json");
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
