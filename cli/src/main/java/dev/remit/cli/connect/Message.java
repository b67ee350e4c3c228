package dev.remit.cli.connect;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One JSON-RPC message, with the bytes it came in; those are what is forwarded.
///
/// What the bytes say is always a JSON object.
final class Message {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String VERSION_KEY = "io.modelcontextprotocol/protocolVersion";

  private final byte[] bytes;
  private final JsonNode node;

  /// @param bytes one line, without its end; not to be changed any more
  Message(byte[] bytes, JsonNode node) {
    this.bytes = bytes;
    this.node = node;
  }

  byte[] bytes() {
    return bytes;
  }

  JsonNode node() {
    return node;
  }

  /// Returns the method; empty for a response.
  String method() {
    return node.path("method").asString("");
  }

  boolean isRequest() {
    return node.has("method") && node.has("id");
  }

  boolean isResponse() {
    return !node.has("method");
  }

  /// Returns the id as JSON text, so that `1` and `"1"` stay different.
  String id() {
    return node.path("id").toString();
  }

  boolean opensSession() {
    return "initialize".equals(method());
  }

  /// Returns method and name, for people.
  String label() {
    var what = isResponse() ? "a response" : method();
    return name().map(name -> what + " " + name).orElse(what);
  }

  /// Returns the protocol version that a request of the stateless era carries; empty in the era of
  /// sessions.
  Optional<String> ownVersion() {
    return text(node.path("params").path("_meta").path(VERSION_KEY));
  }

  /// Returns what the request names: a tool, a prompt or the URI of a resource.
  Optional<String> name() {
    return switch (method()) {
      case "tools/call", "prompts/get" -> text(node.path("params").path("name"));
      case "resources/read" -> text(node.path("params").path("uri"));
      default -> Optional.empty();
    };
  }

  /// Returns the id, as JSON text, of the request that this notification cancels.
  Optional<String> cancels() {
    return "notifications/cancelled".equals(method())
        ? Optional.of(node.path("params").path("requestId").toString())
        : Optional.empty();
  }

  /// Whether `other` answers this request.
  boolean isAnsweredBy(JsonNode other) {
    return !other.has("method") && other.path("id").equals(node.path("id"));
  }

  /// Returns the notification that completes the opening of a session.
  static Message initialized() {
    return of(
        JSON.createObjectNode().put("jsonrpc", "2.0").put("method", "notifications/initialized"));
  }

  /// Returns a request of our own for the list of tools, in the era and with the capabilities of
  /// `call`.
  static Message toolsList(Message call) {
    var node = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", "remit-tools");
    node.put("method", "tools/list");
    node.putObject("params").set("_meta", call.node().path("params").path("_meta"));
    return of(node);
  }

  private static Message of(JsonNode node) {
    return new Message(JSON.writeValueAsBytes(node), node);
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }
}
