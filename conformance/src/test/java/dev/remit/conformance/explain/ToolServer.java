package dev.remit.conformance.explain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An MCP server with some tools that all take a path, a limit and an amount, and all say ok.
final class ToolServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final List<String> tools;
  private final AtomicLong calls = new AtomicLong();

  ToolServer(List<String> tools) throws IOException {
    this.tools = List.copyOf(tools);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/mcp", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
  }

  long calls() {
    return calls.get();
  }

  static ObjectNode definition(String name) {
    var tool = JSON.createObjectNode().put("name", name).put("description", "Says ok");
    tool.set(
        "inputSchema",
        JSON.readTree(
            """
            {"type": "object", "required": ["path"], "additionalProperties": false, "properties": {
             "path": {"type": "string"}, "limit": {"type": "integer"},
             "amount": {"type": "number"}}}
            """));
    return tool;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
      var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
      answer.set("id", asked.path("id"));
      answer.set("result", result(asked.path("method").asString("")));
      var body = answer.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private JsonNode result(String method) {
    var result = JSON.createObjectNode().put("resultType", "complete");
    switch (method) {
      case "tools/call" -> {
        calls.incrementAndGet();
        result.putArray("content").addObject().put("type", "text").put("text", "ok");
      }
      case "tools/list" -> {
        var all = result.putArray("tools");
        tools.forEach(name -> all.add(definition(name)));
      }
      default -> {
        result.putArray("supportedVersions").add("2026-07-28");
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "tools").put("version", "1");
      }
    }
    return result;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
