package dev.remit.server.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ToolDefinition;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A real Streamable HTTP server whose answers a test can replace method by method. It remembers
/// what reached it.
final class TestUpstream implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();

  /// One request as it arrived.
  record Seen(String httpMethod, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().getFirst())
          .findFirst()
          .orElse("");
    }
  }

  /// Answers one request.
  interface Answering {
    void answer(HttpExchange exchange, JsonNode message) throws IOException, InterruptedException;
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Map<String, Answering> answers = new ConcurrentHashMap<>();
  private final List<ObjectNode> tools = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  TestUpstream() {
    tools.add(tool("read_file", "Reads a file", "path"));
    tools.add(tool("pay", "Pays an invoice", "invoice"));
    answers.put(
        "tools/list",
        (exchange, message) -> {
          var result = JSON.createObjectNode();
          tools.forEach(result.putArray("tools")::add);
          json(exchange, result(message, result));
        });
    answers.put("tools/call", (exchange, message) -> json(exchange, result(message, said("done"))));
    answers.put(
        "initialize",
        (exchange, message) -> {
          exchange.getResponseHeaders().add("Mcp-Session-Id", "session-" + seen.size());
          json(
              exchange,
              result(message, JSON.createObjectNode().put("protocolVersion", "2025-11-25")));
        });
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("start a server on a free port", e);
    }
    server.setExecutor(threads);
    server.createContext("/mcp", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
  }

  void on(String method, Answering answering) {
    answers.put(method, answering);
  }

  /// Offers `tool` from now on, in place of one of the same name.
  void offers(ObjectNode tool) {
    tools.removeIf(old -> old.get("name").equals(tool.get("name")));
    tools.add(tool);
  }

  Digest digest(String tool) {
    return ToolDefinition.digest(
        tools.stream()
            .filter(one -> one.get("name").stringValue().equals(tool))
            .findFirst()
            .orElseThrow());
  }

  /// How often `method` has arrived.
  long count(String method) {
    return seen.stream().filter(one -> one.body().contains("\"" + method + "\"")).count();
  }

  static ObjectNode tool(String name, String description, String argument) {
    var tool = JSON.createObjectNode().put("name", name).put("description", description);
    var schema = tool.putObject("inputSchema").put("type", "object");
    schema.putObject("properties").putObject(argument).put("type", "string");
    schema.putArray("required").add(argument);
    schema.put("additionalProperties", false);
    return tool;
  }

  static ObjectNode said(String text) {
    var result = JSON.createObjectNode();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  static String result(JsonNode message, ObjectNode result) {
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", message.get("id"));
    answer.set("result", result);
    return answer.toString();
  }

  static void json(HttpExchange exchange, String body) throws IOException {
    send(exchange, 200, "application/json", body);
  }

  static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /// Begins an event stream; each text is sent as it is.
  static OutputStream events(HttpExchange exchange, String... events) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    for (var event : events) {
      out.write(event.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
    return out;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    seen.add(new Seen(exchange.getRequestMethod(), Map.copyOf(exchange.getRequestHeaders()), body));
    try (exchange) {
      var message = body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
      var key =
          body.isEmpty() ? exchange.getRequestMethod() : message.path("method").asString("answer");
      var answering = answers.get(key);
      if (answering != null) {
        answering.answer(exchange, message);
      } else if (message.has("id") && message.has("method")) {
        json(exchange, result(message, JSON.createObjectNode()));
      } else {
        exchange.sendResponseHeaders(body.isEmpty() ? 405 : 202, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
