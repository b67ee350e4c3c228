package dev.remit.server.evaluations;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A model that does everything right that the suites of the product ask for, for worlds elsewhere.
public final class CarefulModel {
  private CarefulModel() {}

  /// Returns the message of a chat completion with which it answers `request`.
  public static ObjectNode message(JsonNode request) {
    var said = EvaluationWorld.careful(request);
    var message =
        JsonMapper.shared().createObjectNode().put("role", "assistant").put("content", said.text());
    if (!said.tool().isEmpty()) {
      message
          .putArray("tool_calls")
          .addObject()
          .put("id", "call_1")
          .put("type", "function")
          .putObject("function")
          .put("name", said.tool())
          .put("arguments", said.arguments());
    }
    return message;
  }
}
