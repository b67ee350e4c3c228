package dev.remit.cli.connect;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.kernel.canonical.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server with Remit's token endpoint and gateway paths, which records what it gets and answers
/// as each test needs. It checks every client assertion with an independent library.
final class FakeGateway implements AutoCloseable {
  static final String TASK = "task_01jd0000000000000000000000";
  static final String SPIFFE = "spiffe://remit.local/pilot/pilot-agent";
  private static final List<String> RESOURCES = List.of("files", "models");
  private static final JsonMapper JSON = JsonMapper.shared();

  final HttpServer server;
  final List<JsonNode> details = new CopyOnWriteArrayList<>();
  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final List<String> completed = new CopyOnWriteArrayList<>();
  final List<String> ended = new CopyOnWriteArrayList<>();
  final BlockingQueue<String> abandoned = new LinkedBlockingQueue<>();
  final BlockingQueue<JsonNode> clientResponses = new LinkedBlockingQueue<>();
  final BlockingQueue<String> toSayUnasked = new LinkedBlockingQueue<>();
  final Map<String, String> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final ECKey key;
  volatile int lifetimeSeconds = 300;
  volatile String accepted = "";
  volatile boolean acceptAny = true;
  volatile boolean refusesTokens;

  /// Whether tokens are bound to keys (RFC 9449), and what proofs must repeat.
  volatile boolean binds;

  volatile String nonce = "nonce-1";
  final List<String> proofs = new CopyOnWriteArrayList<>();

  /// One request to the MCP endpoint.
  record Seen(String verb, Map<String, String> headers, String body) {}

  FakeGateway(String publicKey) throws Exception {
    key = ECKey.parse(publicKey);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/.well-known/oauth-authorization-server", this::metadata);
    for (var resource : RESOURCES) {
      server.createContext(
          "/.well-known/oauth-protected-resource/mcp/" + resource, this::protectedResource);
    }
    server.createContext("/oauth2/token", this::token);
    server.createContext("/v1/tasks/", this::complete);
    server.createContext("/mcp/files", this::mcp);
    server.createContext("/llm/models", this::mcp);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void metadata(HttpExchange exchange) throws IOException {
    var node = JSON.createObjectNode().put("issuer", "https://remit.example");
    node.put("token_endpoint", "https://remit.example/oauth2/token");
    if (binds) {
      node.putArray("dpop_signing_alg_values_supported").add("ES256");
    }
    answer(exchange, 200, "application/json", node.toString());
  }

  private void protectedResource(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var name = path.substring(path.lastIndexOf('/') + 1);
    var node = JSON.createObjectNode().put("resource", "https://remit.example/mcp/" + name);
    answer(exchange, 200, "application/json", node.toString());
  }

  private void token(HttpExchange exchange) throws IOException {
    var form = form(body(exchange));
    if (refusesTokens) {
      answer(
          exchange,
          400,
          "application/json",
          "{\"error\":\"invalid_grant\",\"error_description\":\"identity pilot-agent is suspended\"}");
      return;
    }
    if (!isProof(form.getOrDefault("client_assertion", ""))
        || RESOURCES.stream()
            .noneMatch(one -> ("https://remit.example/mcp/" + one).equals(form.get("resource")))) {
      answer(exchange, 401, "application/json", "{\"error\":\"invalid_client\"}");
      return;
    }
    if (binds && !isHeld(exchange, Optional.empty())) {
      nonceWanted(exchange, 400);
      return;
    }
    var detail = JSON.readTree(form.getOrDefault("authorization_details", "")).path(0);
    details.add(detail);
    accepted = "token-" + count.incrementAndGet();
    var node =
        JSON.createObjectNode().put("access_token", accepted).put("expires_in", lifetimeSeconds);
    node.put("token_type", binds ? "DPoP" : "Bearer");
    node.putArray("authorization_details")
        .addObject()
        .put("type", "https://remit.dev/task")
        .put("task", TASK);
    answer(exchange, 200, "application/json", node.toString());
  }

  private void nonceWanted(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().set("DPoP-Nonce", nonce);
    exchange.getResponseHeaders().set("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"");
    answer(exchange, status, "application/json", "{\"error\":\"use_dpop_nonce\"}");
  }

  /// Whether a proof comes along that is right for this request, and has not come before.
  private boolean isHeld(HttpExchange exchange, Optional<String> token) {
    try {
      var headers = exchange.getRequestHeaders();
      var jwt = SignedJWT.parse(headers.getFirst("DPoP"));
      var claims = jwt.getJWTClaimsSet();
      var holder = jwt.getHeader().getJWK().toECKey();
      var ath = token.map(text -> Base64URL.encode(Digest.of(text).bytes()).toString());
      return headers.getOrDefault("DPoP", List.of()).size() == 1
          && !holder.isPrivate()
          && "dpop+jwt".equals(jwt.getHeader().getType().getType())
          && jwt.verify(new ECDSAVerifier(holder))
          && exchange.getRequestMethod().equals(claims.getStringClaim("htm"))
          && ("https://remit.example" + exchange.getRequestURI().getPath())
              .equals(claims.getStringClaim("htu"))
          && ath.equals(Optional.ofNullable(claims.getStringClaim("ath")))
          && nonce.equals(claims.getStringClaim("nonce"))
          && proofs.stream().noneMatch(claims.getJWTID()::equals)
          && proofs.add(claims.getJWTID());
    } catch (java.text.ParseException | com.nimbusds.jose.JOSEException e) {
      return false;
    }
  }

  private boolean isProof(String assertion) {
    try {
      var jwt = SignedJWT.parse(assertion);
      var claims = jwt.getJWTClaimsSet();
      return jwt.verify(new ECDSAVerifier(key))
          && SPIFFE.equals(claims.getIssuer())
          && SPIFFE.equals(claims.getSubject())
          && claims.getAudience().contains("https://remit.example")
          && claims.getJWTID() != null;
    } catch (java.text.ParseException | com.nimbusds.jose.JOSEException e) {
      return false;
    }
  }

  private void complete(HttpExchange exchange) throws IOException {
    if (binds && !isHeld(exchange, Optional.of(accepted))) {
      nonceWanted(exchange, 401);
      return;
    }
    if (exchange.getRequestMethod().equals("GET")) {
      answer(exchange, 200, "application/json", "{}");
      return;
    }
    completed.add(exchange.getRequestURI().getPath() + " " + bearer(exchange));
    answer(exchange, 200, "application/json", "{}");
  }

  private static String bearer(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Authorization");
  }

  private void mcp(HttpExchange exchange) throws IOException {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    var body = body(exchange);
    seen.add(new Seen(exchange.getRequestMethod(), Map.copyOf(headers), body));
    if (binds && !isHeld(exchange, Optional.of(accepted))) {
      nonceWanted(exchange, 401);
      return;
    }
    var scheme = binds ? "DPoP " : "Bearer ";
    var bearer = headers.getOrDefault("authorization", "").replace(scheme, "");
    if (bearer.isEmpty() || (!acceptAny && !bearer.equals(accepted))) {
      answer(exchange, 401, "application/problem+json", "{\"title\":\"token expired\"}");
      return;
    }
    switch (exchange.getRequestMethod()) {
      case "GET" -> unasked(exchange);
      case "DELETE" -> {
        ended.add(headers.getOrDefault("mcp-session-id", ""));
        answer(exchange, 200, "text/plain", "");
      }
      default -> post(exchange, headers, body);
    }
  }

  private void post(HttpExchange exchange, Map<String, String> headers, String body)
      throws IOException {
    var message = JSON.readTree(body);
    var session = headers.get("mcp-session-id");
    if (session != null && !sessions.containsKey(session)) {
      answer(exchange, 404, "text/plain", "");
      return;
    }
    exchange.getResponseHeaders().set("Remit-Receipt", "cmVjZWlwdA" + count.incrementAndGet());
    if (!message.has("method")) {
      clientResponses.add(message);
      answer(exchange, 202, "text/plain", "");
      return;
    }
    switch (message.path("method").asString()) {
      case "initialize" -> initialize(exchange, message);
      case "tools/list" -> result(exchange, message, TOOLS);
      case "tools/call" -> call(exchange, message, headers);
      case "subscriptions/listen" -> stream(exchange, message, "wait");
      default -> answer(exchange, 202, "text/plain", "");
    }
  }

  private static final String TOOLS =
      "{\"tools\":[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
          + "{\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"}}}}]}";

  private void initialize(HttpExchange exchange, JsonNode message) throws IOException {
    var session = "session-" + count.incrementAndGet();
    sessions.put(session, "");
    exchange.getResponseHeaders().set("Mcp-Session-Id", session);
    // Laid out on several lines, which a client on standard streams must never see.
    var pretty =
        "{\n  \"jsonrpc\": \"2.0\",\n  \"id\": "
            + message.path("id")
            + ",\r\n  \"result\": {\"protocolVersion\": \"2025-11-25\", \"serverInfo\": {\"name\": \"a\\nb\"}}\n}";
    answer(exchange, 200, "application/json", pretty);
  }

  private void call(HttpExchange exchange, JsonNode message, Map<String, String> headers)
      throws IOException {
    var name = message.path("params").path("name").asString();
    switch (name) {
      case "echo" -> echo(exchange, message, headers);
      case "stream", "wait", "ask", "resume" -> stream(exchange, message, name);
      case "denied" ->
          answer(
              exchange,
              403,
              "application/problem+json",
              "{\"type\":\"https://remit.dev/problems/denied-by-policy\",\"status\":403,"
                  + "\"detail\":\"policy denies this call\",\"remedy\":\"remit explain dec_1\"}");
      default ->
          answer(
              exchange,
              400,
              "application/json",
              "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32602,\"message\":\"no such tool\"}}");
    }
  }

  private void echo(HttpExchange exchange, JsonNode message, Map<String, String> headers)
      throws IOException {
    boolean modern = message.path("params").has("_meta");
    var region = message.path("params").path("arguments").path("region");
    if (modern && region.isString() && !headers.containsKey("mcp-param-region")) {
      answer(
          exchange,
          400,
          "application/json",
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + message.path("id")
              + ",\"error\":{\"code\":-32020,\"message\":\"Header mismatch\"}}");
      return;
    }
    result(exchange, message, "{\"content\":[]}");
  }

  private void stream(HttpExchange exchange, JsonNode message, String kind) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      event(out, "id: e1\nretry: 50\ndata:\n\n");
      event(
          out,
          "event: message\ndata: {\"jsonrpc\":\"2.0\",\ndata: \"method\":\"notifications/progress\"}\n\n");
      switch (kind) {
        case "wait" -> waitUntilAbandoned(out, message);
        case "resume" -> {
          return;
        }
        case "ask" -> ask(out);
        default -> {}
      }
      event(out, "data: " + response(message, "{\"done\":true}") + "\n\n");
    }
  }

  private void waitUntilAbandoned(OutputStream out, JsonNode message) {
    try {
      while (true) {
        Thread.sleep(20);
        event(out, ": still here\n\n");
      }
    } catch (IOException | InterruptedException e) {
      abandoned.add(message.path("id").toString());
    }
  }

  private void ask(OutputStream out) throws IOException {
    event(
        out, "data: {\"jsonrpc\":\"2.0\",\"id\":\"s1\",\"method\":\"sampling/createMessage\"}\n\n");
    try {
      clientResponses.add(poll(clientResponses));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static JsonNode poll(BlockingQueue<JsonNode> queue) throws InterruptedException {
    @Nullable JsonNode next = queue.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new InterruptedException("the client gave no answer");
    }
    return next;
  }

  private void unasked(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      if ("e1".equals(exchange.getRequestHeaders().getFirst("Last-Event-ID"))) {
        event(out, "data: {\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"resumed\":true}}\n\n");
        return;
      }
      while (true) {
        var next = toSayUnasked.poll(20, TimeUnit.MILLISECONDS);
        event(out, next == null ? ": ping\n\n" : "data: " + next + "\n\n");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void event(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void result(HttpExchange exchange, JsonNode message, String result)
      throws IOException {
    answer(exchange, 200, "application/json", response(message, result));
  }

  private static String response(JsonNode message, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":" + result + "}";
  }

  static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Map<String, String> form(String body) {
    var form = new HashMap<String, String>();
    for (var field : body.split("&", -1)) {
      var parts = field.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
