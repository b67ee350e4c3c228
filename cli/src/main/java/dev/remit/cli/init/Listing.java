package dev.remit.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What one server offers: its own words, as they came.
///
/// @param tools elements of `tools/list`
/// @param prompts names of prompts
/// @param resources URIs and URI templates of resources
record Listing(List<JsonNode> tools, List<String> prompts, List<String> resources) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String LEGACY = "2025-11-25";
  private static final String MODERN = "2026-07-28";
  private static final int PAGES_MAX = 100;

  Listing {
    tools = List.copyOf(tools);
    prompts = List.copyOf(prompts);
    resources = List.copyOf(resources);
  }

  /// Asks the server for everything it offers, in whichever era of the protocol it speaks.
  ///
  /// @throws IOException if it does not answer, saying why
  static Listing of(Wire wire) throws IOException {
    var answer = wire.ask("initialize", opening());
    if (answer.has("error")) {
      return modern(wire, answer.path("error").path("message").asString("it refused"));
    }
    var result = answer.path("result");
    wire.agreed(result.path("protocolVersion").asString(LEGACY));
    wire.tell("notifications/initialized");
    return listed(wire, result.path("capabilities"), JSON.createObjectNode());
  }

  private static ObjectNode opening() {
    var params = JSON.createObjectNode().put("protocolVersion", LEGACY);
    params.putObject("capabilities");
    params.putObject("clientInfo").put("name", "remit-init").put("version", "0");
    return params;
  }

  private static Listing modern(Wire wire, String refusal) throws IOException {
    var params = JSON.createObjectNode();
    var meta = params.putObject("_meta");
    meta.put("io.modelcontextprotocol/protocolVersion", MODERN);
    meta.putObject("io.modelcontextprotocol/clientCapabilities");
    wire.agreed(MODERN);
    var answer = wire.ask("server/discover", params);
    if (answer.has("error")) {
      throw new IOException("it refused to begin: " + refusal);
    }
    return listed(wire, answer.path("result").path("capabilities"), params);
  }

  private static Listing listed(Wire wire, JsonNode capabilities, ObjectNode params)
      throws IOException {
    var none = List.<JsonNode>of();
    var tools = capabilities.has("tools") ? all(wire, "tools/list", "tools", params) : none;
    var prompts = capabilities.has("prompts") ? all(wire, "prompts/list", "prompts", params) : none;
    var resources = new ArrayList<String>();
    if (capabilities.has("resources")) {
      all(wire, "resources/list", "resources", params)
          .forEach(one -> resources.add(one.path("uri").asString("")));
      all(wire, "resources/templates/list", "resourceTemplates", params)
          .forEach(one -> resources.add(one.path("uriTemplate").asString("")));
    }
    var promptNames = prompts.stream().map(one -> one.path("name").asString("")).toList();
    return new Listing(tools, promptNames, resources);
  }

  private static List<JsonNode> all(Wire wire, String method, String member, ObjectNode params)
      throws IOException {
    var items = new ArrayList<JsonNode>();
    var asking = params.deepCopy();
    for (int page = 0; page < PAGES_MAX; page++) {
      var answer = wire.ask(method, asking);
      if (answer.has("error")) {
        throw new IOException(
            "it refused `" + method + "`: " + answer.path("error").path("message").asString(""));
      }
      answer.path("result").path(member).forEach(items::add);
      var cursor = answer.path("result").path("nextCursor").asString("");
      if (cursor.isEmpty()) {
        return items;
      }
      asking.put("cursor", cursor);
    }
    throw new IOException("`" + method + "` has more than " + PAGES_MAX + " pages");
  }
}
