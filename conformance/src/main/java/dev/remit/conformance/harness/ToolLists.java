package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a server over HTTP lists as its tools, asked in both protocol eras: what a reviewer would
/// pin.
public final class ToolLists {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String MODERN =
      """
      {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "reviewer", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {}}}}
      """;
  private static final String INITIALIZE =
      """
      {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": {"name": "reviewer", "version": "1"}}}
      """;
  private static final String INITIALIZED =
      "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}";
  private static final String LEGACY =
      "{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": \"tools/list\", \"params\": {}}";

  private ToolLists() {}

  /// Returns every tool that either era lists, by name.
  public static List<JsonNode> of(URI server) {
    var tools = new TreeMap<String, JsonNode>();
    legacy(server).forEach(tool -> tools.put(tool.get("name").stringValue(), tool));
    modern(server).forEach(tool -> tools.put(tool.get("name").stringValue(), tool));
    return List.copyOf(tools.values());
  }

  private static JsonNode modern(URI server) {
    var headers = Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list");
    return tools(post(server, MODERN, headers));
  }

  private static JsonNode legacy(URI server) {
    var session = post(server, INITIALIZE, Map.of()).headers().firstValue("Mcp-Session-Id");
    var headers = new LinkedHashMap<>(Map.of("MCP-Protocol-Version", "2025-11-25"));
    session.ifPresent(id -> headers.put("Mcp-Session-Id", id));
    post(server, INITIALIZED, headers);
    return tools(post(server, LEGACY, headers));
  }

  /// Reads the list from plain JSON or from the last event of a stream.
  private static JsonNode tools(HttpResponse<String> answer) {
    var body =
        answer
            .body()
            .lines()
            .map(line -> line.startsWith("data:") ? line.substring(5).strip() : line.strip())
            .filter(line -> line.startsWith("{"))
            .reduce((_, last) -> last)
            .orElse("{}");
    return JSON.readTree(body).path("result").path("tools");
  }

  private static HttpResponse<String> post(URI server, String body, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(server)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("ask " + server + " for its tools", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + server, e);
    }
  }
}
