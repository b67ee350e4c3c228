package dev.remit.cli.init;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An MCP server over standard streams, as a program of its own. Refuses to start without the
/// secret it is configured with.
final class SmallServer {
  static final String TOOLS =
      """
      [{"name":"read_file","description":"Reads a file. Slowly.","annotations":{"readOnlyHint":true},
        "inputSchema":{"type":"object","properties":{"path":{"type":"string"}}}},
       {"name":"delete_file","inputSchema":{"type":"object"}}]\
      """;

  private SmallServer() {}

  public static void main(String[] args) throws IOException {
    var expected = Optional.ofNullable(System.getenv("EXPECTED_SECRET")).orElse("");
    var given =
        Optional.ofNullable(System.getenv("SERVICE_TOKEN")).orElse(args.length > 1 ? args[1] : "");
    if (!expected.equals(given)) {
      System.err.println("the token is wrong");
      System.exit(3);
    }
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var message = JsonMapper.shared().readTree(line);
      if (message.has("id")) {
        System.out.println(answer(message).replace('\n', ' '));
      }
    }
  }

  private static String answer(JsonNode message) {
    var result =
        switch (message.path("method").asString()) {
          case "initialize" ->
              "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{},\"resources\":{}}}";
          case "tools/list" -> "{\"tools\":" + TOOLS + "}";
          case "resources/list" ->
              "{\"resources\":[{\"uri\":\"file:///notes.txt\",\"name\":\"n\"}]}";
          case "resources/templates/list" ->
              "{\"resourceTemplates\":[{\"uriTemplate\":\"file:///logs/{day}\",\"name\":\"l\"}]}";
          default -> "{}";
        };
    return "{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":" + result + "}";
  }

  /// Returns what starts this program, for a client's configuration.
  static Map<String, Object> entry() {
    return Map.of(
        "command",
        java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "args",
        java.util.List.of(
            "-cp", System.getProperty("java.class.path"), SmallServer.class.getName(), "serve"));
  }
}
