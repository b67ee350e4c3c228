package dev.remit.server.models;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Streams of messages and of responses that say or propose something.
final class Dialects {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Dialects() {}

  /// Has a provider propose one call, its arguments in two pieces.
  static void propose(ScriptedModel provider, String tool, String arguments) {
    var halves = pieces(arguments, arguments.length() / 2 + 1);
    var messages = new ArrayList<String>();
    messages.add(
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\","
            + "\"id\":\"t\",\"name\":\""
            + tool
            + "\",\"input\":{}}}");
    halves.forEach(half ->
        messages.add(
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
                + "\"input_json_delta\",\"partial_json\":"
                + quoted(half)
                + "}}"));
    messages.add("{\"type\":\"content_block_stop\",\"index\":0}");
    messages(provider, messages, "tool_use");
    var responses = new ArrayList<String>();
    responses.add(
        "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":"
            + call(tool, "")
            + "}");
    halves.forEach(half ->
        responses.add(
            "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":0,"
                + "\"item_id\":\"f1\",\"delta\":"
                + quoted(half)
                + "}"));
    responses.add(
        "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":"
            + call(tool, arguments)
            + "}");
    responses(provider, responses, call(tool, arguments));
  }

  /// Has a provider say a text in pieces of `length` characters.
  static void say(ScriptedModel provider, String text, int length) {
    var messages = new ArrayList<String>();
    messages.add(
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
            + "\"text\":\"\"}}");
    var part = "\"item_id\":\"m1\",\"output_index\":0,\"content_index\":0";
    var responses = new ArrayList<String>();
    for (var piece : pieces(text, length)) {
      messages.add(
          "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
              + "\"text\":"
              + quoted(piece)
              + "}}");
      responses.add(
          "{\"type\":\"response.output_text.delta\"," + part + ",\"delta\":" + quoted(piece) + "}");
    }
    messages.add("{\"type\":\"content_block_stop\",\"index\":0}");
    messages(provider, messages, "end_turn");
    responses.add(
        "{\"type\":\"response.output_text.done\"," + part + ",\"text\":" + quoted(text) + "}");
    responses(
        provider,
        responses,
        "{\"id\":\"m1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":"
            + "\"output_text\",\"annotations\":[],\"text\":"
            + quoted(text)
            + "}]}");
  }

  /// What the deltas of a stream say together.
  static String told(String stream) {
    var told = new StringBuilder();
    for (var line : stream.split("\n", -1)) {
      if (line.startsWith("data: {")) {
        var event = JSON.readTree(line.substring(6));
        told.append(event.at("/delta/text").asString(event.path("delta").asString("")));
      }
    }
    return told.toString();
  }

  private static void messages(ScriptedModel provider, List<String> blocks, String reason) {
    var all = new ArrayList<String>();
    all.add(
        "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"model\":"
            + "\"clerk-1\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}");
    all.addAll(blocks);
    all.add(
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""
            + reason
            + "\"},\"usage\":{\"output_tokens\":7}}");
    all.add("{\"type\":\"message_stop\"}");
    provider.at("/v1/messages", (exchange, asked) -> ScriptedModel.stream(exchange, events(all)));
  }

  private static void responses(ScriptedModel provider, List<String> events, String item) {
    var all = new ArrayList<String>();
    all.add(
        "{\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"model\":\"clerk-1\","
            + "\"output\":[]}}");
    all.addAll(events);
    all.add(
        "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"model\":\"clerk-1\","
            + "\"status\":\"completed\",\"output\":["
            + item
            + "],\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}}");
    var numbered = new ArrayList<String>();
    for (var event : all) {
      numbered.add(
          event.substring(0, event.length() - 1) + ",\"sequence_number\":" + numbered.size() + "}");
    }
    provider.at(
        "/v1/responses", (exchange, asked) -> ScriptedModel.stream(exchange, events(numbered)));
  }

  private static String[] events(List<String> data) {
    return data.stream()
        .map(one ->
            "event: " + JSON.readTree(one).path("type").asString("") + "\ndata: " + one + "\n\n")
        .toArray(String[]::new);
  }

  private static String call(String tool, String arguments) {
    return "{\"id\":\"f1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\""
        + tool
        + "\",\"arguments\":"
        + quoted(arguments)
        + ",\"status\":\"completed\"}";
  }

  private static List<String> pieces(String text, int length) {
    var pieces = new ArrayList<String>();
    for (int at = 0; at < text.length(); at += length) {
      pieces.add(text.substring(at, Math.min(text.length(), at + length)));
    }
    return pieces;
  }

  private static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }
}
