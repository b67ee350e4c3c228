package dev.remit.conformance.models;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/v1/messages`.
final class MessagesWire implements Wire {

  @Override
  public Turn turn(JsonNode asked) {
    var last = "";
    var results = new ArrayList<String>();
    for (var message : asked.path("messages")) {
      if (!message.path("role").asString("").equals("user")) {
        continue;
      }
      results.clear();
      var content = message.path("content");
      for (var block : content) {
        if (block.path("type").asString("").equals("tool_result")) {
          results.add(Turn.said(block.path("content")));
        }
      }
      last = results.isEmpty() ? Turn.said(content) : last;
    }
    return Turn.after(last, results);
  }

  @Override
  public String whole(JsonNode asked, Turn turn) {
    var blocks = new ArrayList<String>();
    blocks.add("{\"type\":\"text\",\"text\":%s}".formatted(Turn.quoted(turn.text())));
    for (var call : turn.calls()) {
      blocks.add(
          """
          {"type":"tool_use","id":"toolu_%s","name":"%s","input":%s}\
          """
              .formatted(blocks.size(), call.name(), call.arguments()));
    }
    return """
    {"id":"msg_1","type":"message","role":"assistant","model":"clerk-1","content":[%s],
     "stop_reason":"%s","stop_sequence":null,"usage":%s}
    """
        .formatted(
            String.join(",", blocks), turn.calls().isEmpty() ? "end_turn" : "tool_use", usage(10));
  }

  @Override
  public List<String> events(JsonNode asked, Turn turn) {
    var events = new ArrayList<String>();
    events.add(
        """
        {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"clerk-1",
        "content":[],"stop_reason":null,"stop_sequence":null,"usage":%s}}\
        """
            .replace("\n", "")
            .formatted(usage(1)));
    events.add(
        "{\"type\":\"content_block_start\",\"index\":0,"
            + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
    events.add("{\"type\":\"ping\"}");
    for (var word : turn.words()) {
      events.add(delta(0, "{\"type\":\"text_delta\",\"text\":" + Turn.quoted(word) + "}"));
    }
    events.add("{\"type\":\"content_block_stop\",\"index\":0}");
    for (int i = 1; i <= turn.calls().size(); i++) {
      var call = turn.calls().get(i - 1);
      events.add(
          """
          {"type":"content_block_start","index":%1$s,"content_block":{"type":"tool_use","id":"toolu_%1$s","name":"%2$s","input":{}}}\
          """
              .formatted(i, call.name()));
      events.add(delta(i, "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}"));
      for (var half : Wire.halves(call.arguments())) {
        events.add(
            delta(i, "{\"type\":\"input_json_delta\",\"partial_json\":" + Turn.quoted(half) + "}"));
      }
      events.add("{\"type\":\"content_block_stop\",\"index\":" + i + "}");
    }
    events.add(
        """
        {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":10}}\
        """
            .formatted(turn.calls().isEmpty() ? "end_turn" : "tool_use"));
    events.add("{\"type\":\"message_stop\"}");
    return events.stream().map(Wire::named).toList();
  }

  private static String delta(int index, String delta) {
    return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}";
  }

  private static String usage(int output) {
    return "{\"input_tokens\":19,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
        + "\"output_tokens\":"
        + output
        + ",\"service_tier\":\"standard\"}";
  }
}
