package dev.remit.cli.connect;

import dev.remit.cli.Problems;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/// Says in JSON-RPC what the gateway said in HTTP, so that the client sees why.
///
/// Source: JSON-RPC 2.0, section 5.1.
final class Answers {
  static final int PARSE_ERROR = -32700;
  static final int INVALID_REQUEST = -32600;

  /// The bridge's own: the gateway refused or could not be reached.
  static final int NOT_DONE = -32000;

  private static final JsonMapper JSON = JsonMapper.shared();

  private Answers() {}

  /// Returns the JSON-RPC error for `id`, which may be [NullNode].
  static byte[] error(JsonNode id, int code, String message) {
    return error(id, code, message, Optional.empty());
  }

  private static byte[] error(JsonNode id, int code, String message, Optional<JsonNode> data) {
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id);
    var error = answer.putObject("error").put("code", code).put("message", message);
    data.ifPresent(node -> error.set("data", node));
    return JSON.writeValueAsBytes(answer);
  }

  /// Returns what the client gets for a request that was answered with an HTTP error: the JSON-RPC
  /// error in it, with the request's id where it has none; else the problem, put into words.
  static byte[] ofHttpError(Message request, int status, byte[] body) {
    var parsed = parsed(body);
    var id = request.node().path("id");
    if (parsed.path("error").isObject()) {
      return parsed.hasNonNull("id") ? body : withId(parsed, id);
    }
    var problem = Problems.of(status, body, true);
    var words = problem.remedy().map(remedy -> " (" + remedy + ")").orElse("");
    var data = Optional.of(problem.problem()).filter(node -> !node.isEmpty());
    return error(id, NOT_DONE, problem.getMessage() + words, data);
  }

  private static byte[] withId(JsonNode error, JsonNode id) {
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id);
    answer.set("error", error.path("error"));
    return JSON.writeValueAsBytes(answer);
  }

  /// Returns the JSON object in `body`, or an empty one.
  static JsonNode parsed(byte[] body) {
    try {
      var node = JSON.readTree(body);
      return node.isObject() ? node : JSON.createObjectNode();
    } catch (JacksonException _) {
      return JSON.createObjectNode();
    }
  }

  /// Returns what an error answer says, for people.
  static String words(Message request, byte[] answer) {
    return request.label()
        + ": "
        + parsed(answer).path("error").path("message").asString("refused");
  }

  static JsonNode noId() {
    return NullNode.getInstance();
  }
}
