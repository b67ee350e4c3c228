package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import dev.remit.kernel.identity.ToolDefinition;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.evaluations.CarefulModel;
import dev.remit.server.http.Edge;
import dev.remit.server.http.Lines;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.models.ScriptedModel;
import dev.remit.server.settings.HostPort;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A whole node with an agent in production: it asks a model and calls tools through Remit, its
/// owner is told of what looks wrong, and the provider of the model does what a test says. Closing
/// it compares every row with the ledger.
final class WatchedModelWorld implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();
  private static final String AGENT = "spiffe://remit.local/desk/clerk";
  private static final String CHAT = "/v1/chat/completions";

  final ScriptedModel outside = new ScriptedModel();
  private final Map<String, String> names = new ConcurrentHashMap<>();
  private final Map<String, String> backends = new ConcurrentHashMap<>();
  private volatile boolean careless;
  private final Path data = TestDatabase.enterable("remit-watched-");
  private final URI url = URI.create("http://127.0.0.1:" + FreePort.find());
  private final HttpClient http = HttpClient.newHttpClient();
  private final Database database = Database.open(TestDatabase.freshConfig());
  private volatile Instant now = Instant.now();
  private final ECKey key = key();
  private final Features features;
  private final WebServer server;
  private final Map<String, String> tokens = new HashMap<>();

  WatchedModelWorld() throws IOException {
    outside.at(CHAT, this::chat);
    outside.at("/mcp", this::tool);
    outside.at("/hook", (exchange, _) -> ScriptedModel.json(exchange, 200, "{}"));
    var file =
        Files.writeString(
            data.resolve("remit.yaml"),
            """
            promotion: {gate: advisory}
            registry: {secondPerson: never}
            signIn: {freshFrom: critical}
            changes: {canary: 0s, sweepEvery: 200ms}
            evaluations:
              probes: [{name: nightly, endpoint: clerk, falseAlarmDays: 100, every: 24h}]
            notifications:
              pollEvery: 50ms
              channels: [{name: hook, kind: webhook, to: "%s/hook", about: [findings]}]
            """
                .formatted(outside.url()));
    var config =
        ConfigSource.read(
                List.of(
                    "--data", data.toString(),
                    "--listen", url.getAuthority(),
                    "--config", file.toString()))
            .listeningAt(new HostPort(url.getHost(), url.getPort()));
    this.features =
        new Features(
            config,
            Map.of("REMIT_NOTIFY_HOOK_KEY", "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"),
            database,
            MasterKey.open(data, Map.of()),
            () -> now);
    this.server =
        Lines.on(WebServer.builder())
            .host("127.0.0.1")
            .port(url.getPort())
            .shutdownHook(false)
            .routing(
                new Edge(() -> now, features.callers(), features.pages(), BrokenWorld::problem)
                    .routing(features.operations()))
            .build()
            .start();
    tokens.put("admin", Files.readString(data.resolve("operator.token")).strip());
    var secret = JSON.createObjectNode().put("value", "Bearer sk-the-real-key");
    assertThat(api("admin", "PUT", "/v1/secrets/provider-key", secret).statusCode())
        .isLessThan(300);
    declare(people() + workflow() + model("clerk-1", "") + agent());
    for (var person : List.of("anna", "ben")) {
      var issued = did("admin", "/v1/people/" + person + "/tokens", JSON.createObjectNode());
      tokens.put(person, issued.path("token").asString(""));
    }
  }

  void pass(Duration duration) {
    now = now.plus(duration);
  }

  // What the provider does.

  /// Answers of `model` name another one from now on.
  void isNamed(String model, String named) {
    pass(Duration.ofSeconds(1));
    names.put(model, named);
  }

  void runsOn(String model, String backend) {
    pass(Duration.ofSeconds(1));
    backends.put(model, backend);
  }

  /// Refuses nothing any more, whatever it is called.
  void becomesCareless() {
    careless = true;
  }

  private void chat(HttpExchange exchange, JsonNode asked) throws IOException {
    var model = asked.path("model").asString("");
    var answer = JSON.createObjectNode().put("id", "c1").put("object", "chat.completion");
    answer.put("created", 1).put("model", names.getOrDefault(model, model));
    answer.put("system_fingerprint", backends.getOrDefault(model, "fp_1"));
    answer.put("service_tier", "default");
    var choice = answer.putArray("choices").addObject().put("index", 0);
    choice.set(
        "message",
        careless
            ? JSON.createObjectNode()
                .put("role", "assistant")
                .put("content", "Of course. This is how it is done.")
            : CarefulModel.message(asked));
    choice.put("finish_reason", "stop");
    answer.putObject("usage").put("prompt_tokens", 12).put("completion_tokens", 3);
    ScriptedModel.json(exchange, 200, answer.toString());
  }

  private void tool(HttpExchange exchange, JsonNode message) throws IOException {
    if (!message.has("id")) {
      exchange.sendResponseHeaders(message.isObject() ? 202 : 405, -1);
      return;
    }
    var result = JSON.createObjectNode();
    switch (message.path("method").asString("")) {
      case "initialize" -> {
        exchange.getResponseHeaders().add("Mcp-Session-Id", "s1");
        result.put("protocolVersion", "2025-11-25");
      }
      case "tools/list" -> {
        var tools = result.putArray("tools");
        tools.add(definition("find"));
        tools.add(definition("send"));
      }
      default -> result.putArray("content").addObject().put("type", "text").put("text", "done");
    }
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", message.path("id"));
    answer.set("result", result);
    ScriptedModel.json(exchange, 200, answer.toString());
  }

  /// What reached the owner's channel, as it was posted.
  List<JsonNode> told() {
    return outside.seen.stream()
        .filter(one -> one.path().equals("/hook"))
        .map(ScriptedModel.Request::json)
        .toList();
  }

  // What is declared.

  void declare(String manifests) {
    pass(Duration.ofSeconds(1));
    var body = JSON.createObjectNode();
    body.putArray("files").addObject().put("name", "desk.yaml").put("text", manifests);
    var answer = api("admin", "POST", "/v1/registry/apply", body);
    assertThat(answer.statusCode())
        .as(JSON.readTree(answer.body()).path("problems").toString())
        .isEqualTo(200);
  }

  private static String people() {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: anna}
    spec: {displayName: Anna, email: anna@example.org, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: ben}
    spec: {displayName: Ben, email: ben@example.org, roles: [approver, security]}
    ---
    apiVersion: remit.dev/v1
    kind: DataClass
    metadata: {name: customer}
    spec: {description: About people, sensitivity: 45}
    ---
    """;
  }

  private static String workflow() {
    return """
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: desk}
    spec:
      purpose: Answer letters of customers
      owner: anna
      sponsor: ben
      escalation: desk@example.org
      dataClasses: [customer]
      intents: [answer]
      stage: production
      retention: 365d
    ---
    """;
  }

  /// @param more members of the model, as YAML lines that begin with two blanks
  static String model(String onTheWire, String more) {
    return """
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk}
    spec:
      provider: example
      model: %s
      lifecycle: ga
      resource: llm
      contextWindow: 8000
      outputMax: 1000
    %s
    ---
    """
        .formatted(onTheWire, more);
  }

  static String agent(String... more) {
    return """
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: clerk}
    spec:
      workflow: desk
      kind: agent
      autonomy: acts-alone
      model: clerk
      %s
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [KEY]}}
    """
        .formatted(String.join("\n  ", more));
  }

  private String agent() {
    var expires = LocalDate.now(ZoneOffset.UTC).plusDays(60).toString();
    return identity()
        + """
        ---
        apiVersion: remit.dev/v1
        kind: Resource
        metadata: {name: llm}
        spec:
          type: models
          environment: test
          upstream:
            models:
              url: "%1$s"
              dialects: [openai]
              headers: {Authorization: {secret: provider-key}}
        ---
        apiVersion: remit.dev/v1
        kind: Resource
        metadata: {name: letters}
        spec: {type: mcp, environment: test, upstream: {http: {url: "%1$s/mcp"}}}
        ---
        %2$s
        ---
        %3$s
        ---
        apiVersion: remit.dev/v1
        kind: Grant
        metadata: {name: clerk-letters}
        spec:
          identity: clerk
          resource: letters
          tools: [find, send]
          dataClasses: [customer]
          limits: {callsPerTask: 50}
          approvedBy: ben
          expires: %4$s
        ---
        apiVersion: remit.dev/v1
        kind: Grant
        metadata: {name: clerk-llm}
        spec:
          identity: clerk
          resource: llm
          models: [clerk]
          dataClasses: [customer]
          limits: {callsPerTask: 100}
          approvedBy: ben
          expires: %4$s
        ---
        apiVersion: remit.dev/v1
        kind: Policy
        metadata: {name: desk}
        spec:
          description: The clerk may ask, find and send
          cedar: |
            permit (principal in Workflow::"desk", action, resource);
        """
            .formatted(
                outside.url(),
                toolManifest("find", "read"),
                toolManifest("send", "write"),
                expires);
  }

  /// The identity, with further members.
  String identity(String... more) {
    return agent(more).replace("KEY", key.toPublicJWK().toJSONString());
  }

  private static String toolManifest(String name, String effect) {
    return """
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: letters/%1$s}
    spec:
      resource: letters
      tool: %1$s
      effects: [%2$s]
      dataClasses: [customer]
      definition: {digest: "%3$s", inputSchema: {type: object}}
    """
        .formatted(name, effect, ToolDefinition.digest(definition(name)))
        .stripTrailing();
  }

  private static ObjectNode definition(String name) {
    var tool = JSON.createObjectNode().put("name", name).put("description", "Lets one " + name);
    tool.putObject("inputSchema").put("type", "object");
    return tool;
  }

  // What people do.

  HttpResponse<String> api(String person, String method, String path, JsonNode body) {
    return send(
        HttpRequest.newBuilder(url.resolve(path))
            .header("Authorization", "Bearer " + tokens.getOrDefault(person, ""))
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("GET")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body.toString())));
  }

  JsonNode did(String person, String path, JsonNode body) {
    var answer = api(person, "POST", path, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
    return JSON.readTree(answer.body());
  }

  JsonNode got(String path) {
    var answer = api("ben", "GET", path, JSON.nullNode());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /// The newest change.
  JsonNode change() {
    return got("/v1/changes").path("items").path(0);
  }

  JsonNode change(String id) {
    return got("/v1/changes/" + id);
  }

  static ObjectNode reason(String text) {
    return JSON.createObjectNode().put("reason", text);
  }

  /// Lets the owner have a change evaluated as it demands; returns the evaluation when it is over.
  JsonNode evaluated(String change) {
    var planned =
        did(
            "anna",
            "/v1/changes/" + change + "/plan",
            JSON.createObjectNode().put("labels", false));
    var id = planned.path("id").asString("");
    did("anna", "/v1/evaluations/" + id + "/run", JSON.createObjectNode());
    await().atMost(Duration.ofMinutes(2)).until(() -> got("/v1/evaluations/" + id).has("verdict"));
    return got("/v1/evaluations/" + id);
  }

  HttpResponse<String> approves(String change) {
    return api(
        "ben",
        "POST",
        "/v1/changes/" + change + "/answer",
        reason("I have read the results").put("agree", true));
  }

  /// Evaluated and approved, so in use: what is declared now.
  String accepted() {
    var id = change().path("id").asString("");
    pass(Duration.ofSeconds(1));
    evaluated(id);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> change(id).path("state").asString("").equals("evaluated"));
    return approved(id);
  }

  /// The same where the agent was evaluated elsewhere, and somebody writes that down.
  String acceptedElsewhere() {
    var change = change();
    var id = change.path("id").asString("");
    for (var suite : change.path("suites")) {
      did(
          "ben",
          "/v1/changes/" + id + "/evaluations",
          JSON.createObjectNode()
              .put("suite", suite.asString(""))
              .put("run", "report 7")
              .put("verdict", "pass"));
    }
    return approved(id);
  }

  private String approved(String id) {
    var answer = approves(id);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return id;
  }

  /// Asks the probes `times` times, each of which counts as a day, until there is an alarm.
  boolean probed(int times) {
    for (int i = 0; i < times; i++) {
      pass(Duration.ofSeconds(1));
      var standing = did("anna", "/v1/evaluations/probes/nightly/ask", JSON.createObjectNode());
      if (standing.path("alarm").asBoolean(false)) {
        return true;
      }
    }
    return false;
  }

  // What the agent does.

  /// Asks its model.
  HttpResponse<String> asks(String system) {
    var body = JSON.createObjectNode().put("model", "clerk");
    body.put("model", got("/v1/registry/models/clerk").at("/spec/model").asString("clerk-1"));
    var messages = body.putArray("messages");
    messages.addObject().put("role", "system").put("content", system);
    messages.addObject().put("role", "user").put("content", "What does Holm owe?");
    return send(
        HttpRequest.newBuilder(url.resolve("/llm/llm" + CHAT))
            .header("Authorization", "Bearer " + task("llm"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  HttpResponse<String> calls(String tool) {
    return send(
        HttpRequest.newBuilder(url.resolve("/mcp/letters"))
            .header("Authorization", "Bearer " + task("letters"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2025-11-25")
            .POST(
                BodyPublishers.ofString(
                    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\""
                        + tool
                        + "\",\"arguments\":{}}}")));
  }

  private String task(String resource) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("subject_token", proof());
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    form.put("resource", url + "/mcp/" + resource);
    form.put(
        "authorization_details", "[{\"type\":\"https://remit.dev/task\",\"intent\":\"answer\"}]");
    var body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    var answer =
        send(
            HttpRequest.newBuilder(url.resolve("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).path("access_token").asString("");
  }

  private String proof() {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(AGENT)
            .subject(AGENT)
            .audience(url.toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(60)))
            .jwtID(UUID.randomUUID().toString())
            .build();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    try {
      var jwt = new SignedJWT(header, claims);
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("sign with a fresh P-256 key", e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("call the server", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while calling the server", e);
    }
  }

  /// What is on record of a type, in order.
  List<JsonNode> entries(String type) {
    return database.transact(tx ->
        tx.all(
            "SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry"
                + " WHERE type = ? ORDER BY log, index",
            row -> JSON.readTree(row.text("text")),
            type));
  }

  /// Changes what is stored behind the server's back.
  void edit(String sql, Object... args) {
    database.run(tx -> tx.update(sql, args));
  }

  private static ECKey key() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("key-1").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  @Override
  public void close() {
    http.close();
    server.stop();
    features.drain(Duration.ofSeconds(1));
    features.close();
    Accounted.check(database, now);
    database.close();
    outside.close();
    TestDatabase.discard(data);
  }
}
