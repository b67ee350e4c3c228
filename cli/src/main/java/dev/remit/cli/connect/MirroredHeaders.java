package dev.remit.cli.connect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The headers in which the stateless era repeats what the body says, so that machines on the way
/// need not read it. A client over standard streams sends none, so the bridge adds them.
///
/// Which arguments of a tool are repeated stands in its input schema; it is learned from each
/// `tools/list` result that passes.
///
/// Source: MCP 2026-07-28, Streamable HTTP, section «Request Metadata».
final class MirroredHeaders {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern PLAIN =
      Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");

  private final Map<String, List<Mirrored>> byTool = new ConcurrentHashMap<>();

  /// @param path the members that lead to the argument
  private record Mirrored(String header, List<String> path) {}

  /// Learns from the result of `tools/list`.
  void learn(JsonNode result) {
    for (var tool : result.path("tools")) {
      var found = new ArrayList<Mirrored>();
      collect(tool.path("inputSchema"), List.of(), found);
      byTool.put(tool.path("name").asString(""), List.copyOf(found));
    }
  }

  /// Whether `message` calls a tool whose schema has not been seen.
  boolean isUnknown(Message message) {
    return "tools/call".equals(message.method()) && !byTool.containsKey(message.name().orElse(""));
  }

  /// Notes that the list has been asked for on behalf of `call`, so that it is not asked again.
  void askedFor(Message call) {
    byTool.putIfAbsent(call.name().orElse(""), List.of());
  }

  private static void collect(JsonNode schema, List<String> path, List<Mirrored> found) {
    for (var property : schema.path("properties").properties()) {
      var below = new ArrayList<>(path);
      below.add(property.getKey());
      var name = property.getValue().path("x-mcp-header").asString("");
      if (TOKEN.matcher(name).matches()) {
        found.add(new Mirrored("Mcp-Param-" + name, List.copyOf(below)));
      }
      collect(property.getValue(), below, found);
    }
  }

  /// Returns the headers for a request of the stateless era.
  Map<String, String> of(Message message, String version) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("MCP-Protocol-Version", version);
    headers.put("Mcp-Method", message.method());
    message.name().ifPresent(name -> headers.put("Mcp-Name", encoded(name)));
    if ("tools/call".equals(message.method())) {
      var arguments = message.node().path("params").path("arguments");
      for (var mirrored : byTool.getOrDefault(message.name().orElse(""), List.of())) {
        var value = at(arguments, mirrored.path());
        if (value.isString() || value.isIntegralNumber() || value.isBoolean()) {
          headers.put(mirrored.header(), encoded(value.asString()));
        }
      }
    }
    return headers;
  }

  private static JsonNode at(JsonNode node, List<String> path) {
    for (var member : path) {
      node = node.path(member);
    }
    return node;
  }

  static String encoded(String value) {
    boolean looksEncoded = value.startsWith("=?base64?") && value.endsWith("?=");
    if (PLAIN.matcher(value).matches() && !looksEncoded) {
      return value;
    }
    var base64 = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    return "=?base64?" + base64 + "?=";
  }
}
