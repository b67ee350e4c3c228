package dev.remit.conformance.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.kernel.identity.ToolDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An MCP server that looks up payments, refunds them, and watches them for as long as one listens.
final class Payments implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, String> TOOLS =
      new TreeMap<>(
          Map.of(
              "lookup", "[read]",
              "refund", "[write, destructive]",
              "watch", "[read]",
              "export", "[read]"));

  private final HttpServer server;
  private final AtomicLong refunds = new AtomicLong();

  Payments() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/mcp", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  long refunds() {
    return refunds.get();
  }

  private static ObjectNode definition(String name) {
    var tool = JSON.createObjectNode().put("name", name).put("description", "To " + name);
    tool.set(
        "inputSchema",
        JSON.readTree(
            """
            {"type": "object", "properties": {
             "payment": {"type": "string"}, "cents": {"type": "integer"}}}
            """));
    return tool;
  }

  /// The resource `payments`, its reviewed tools, and a grant of all of them to `claims-agent`.
  String manifests() {
    var text =
        new StringBuilder(
            """
            ---
            apiVersion: remit.dev/v1
            kind: Resource
            metadata: {name: payments}
            spec:
              type: mcp
              environment: test
              upstream: {http: {url: "http://127.0.0.1:%d/mcp"}}
            ---
            apiVersion: remit.dev/v1
            kind: Grant
            metadata: {name: claims-payments}
            spec:
              identity: claims-agent
              resource: payments
              tools: ["*"]
              dataClasses: [internal]
              limits: {callsPerTask: 100000}
              approvedBy: bea
              expires: %s
            """
                .formatted(
                    server.getAddress().getPort(), LocalDate.now(ZoneOffset.UTC).plusDays(60)));
    TOOLS.forEach((name, effects) -> {
      var tool = definition(name);
      text.append(
          """
          ---
          apiVersion: remit.dev/v1
          kind: Tool
          metadata: {name: payments/%1$s}
          spec:
            resource: payments
            tool: %1$s
            effects: %2$s
            dataClasses: [internal]
            definition: {digest: "%3$s", inputSchema: %4$s}
          """
              .formatted(name, effects, ToolDefinition.digest(tool), tool.get("inputSchema")));
    });
    return text.toString();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
      var message = JSON.createObjectNode().put("jsonrpc", "2.0");
      message.set("id", asked.path("id"));
      boolean watches = asked.at("/params/name").asString("").equals("watch");
      message.set("result", result(asked));
      if (watches) {
        watch(exchange);
      } else {
        var body = message.toString().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Says something ten times a second until nobody listens.
  private static void watch(HttpExchange exchange) throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    var out = exchange.getResponseBody();
    for (int i = 0; i < 600; i++) {
      var said =
          JSON.createObjectNode().put("jsonrpc", "2.0").put("method", "notifications/message");
      said.putObject("params").put("level", "info").put("data", "payment " + i);
      out.write(("data: " + said + "\n\n").getBytes(UTF_8));
      out.flush();
      Thread.sleep(100);
    }
  }

  private JsonNode result(JsonNode asked) {
    var result = JSON.createObjectNode().put("resultType", "complete");
    switch (asked.path("method").asString("")) {
      case "tools/call" -> {
        var name = asked.at("/params/name").asString("");
        if (name.equals("refund")) {
          refunds.incrementAndGet();
        }
        result.putArray("content").addObject().put("type", "text").put("text", "did " + name);
      }
      case "tools/list" -> {
        var all = result.putArray("tools");
        List.copyOf(TOOLS.keySet()).forEach(name -> all.add(definition(name)));
      }
      default -> {
        result.putArray("supportedVersions").add("2026-07-28");
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "payments").put("version", "1");
      }
    }
    return result;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
