package dev.remit.conformance.models;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/v1/responses`.
final class ResponsesWire implements Wire {

  @Override
  public Turn turn(JsonNode asked) {
    var input = asked.path("input");
    if (input.isString()) {
      return Turn.after(input.stringValue(), List.of());
    }
    var kinds = new ArrayList<String>();
    var texts = new ArrayList<String>();
    var last = "";
    for (var item : input) {
      boolean isResult = item.path("type").asString("").equals("function_call_output");
      kinds.add(isResult ? "result" : item.path("role").asString(""));
      texts.add(Turn.said(isResult ? item.path("output") : item.path("content")));
      last = kinds.getLast().equals("user") ? texts.getLast() : last;
    }
    return Turn.after(last, Wire.tail(kinds, texts, "result"));
  }

  @Override
  public String whole(JsonNode asked, Turn turn) {
    return response("completed", items(turn));
  }

  @Override
  public List<String> events(JsonNode asked, Turn turn) {
    var events = new ArrayList<String>();
    var items = items(turn);
    events.add("{\"type\":\"response.created\",\"response\":" + response("in_progress", List.of()));
    events.add(
        "{\"type\":\"response.in_progress\",\"response\":" + response("in_progress", List.of()));
    text(events, turn, items.getFirst());
    for (int i = 1; i < items.size(); i++) {
      call(events, turn.calls().get(i - 1), i, items.get(i));
    }
    events.add("{\"type\":\"response.completed\",\"response\":" + response("completed", items));
    var numbered = new ArrayList<String>();
    for (var event : events) {
      numbered.add(Wire.named(event + ",\"sequence_number\":" + numbered.size() + "}"));
    }
    return numbered;
  }

  private static void text(List<String> events, Turn turn, String item) {
    var part = "\"item_id\":\"msg_0\",\"output_index\":0,\"content_index\":0";
    var text = Turn.quoted(turn.text());
    events.add(
        "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"msg_0\","
            + "\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}");
    events.add(
        "{\"type\":\"response.content_part.added\","
            + part
            + ",\"part\":{\"type\":\"output_text\",\"annotations\":[],\"text\":\"\"}");
    for (var word : turn.words()) {
      events.add(
          "{\"type\":\"response.output_text.delta\","
              + part
              + ",\"delta\":"
              + Turn.quoted(word)
              + ",\"logprobs\":[],\"obfuscation\":\"x9\"");
    }
    events.add(
        "{\"type\":\"response.output_text.done\","
            + part
            + ",\"text\":"
            + text
            + ",\"logprobs\":[]");
    events.add(
        "{\"type\":\"response.content_part.done\","
            + part
            + ",\"part\":{\"type\":\"output_text\",\"annotations\":[],\"text\":"
            + text
            + "}");
    events.add("{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":" + item);
  }

  private static void call(List<String> events, Turn.Call call, int index, String item) {
    var of = "\"item_id\":\"fc_" + index + "\",\"output_index\":" + index;
    events.add(
        "{\"type\":\"response.output_item.added\",\"output_index\":"
            + index
            + ",\"item\":"
            + item(call, index, "in_progress", ""));
    for (var half : Wire.halves(call.arguments())) {
      events.add(
          "{\"type\":\"response.function_call_arguments.delta\","
              + of
              + ",\"delta\":"
              + Turn.quoted(half));
    }
    events.add(
        "{\"type\":\"response.function_call_arguments.done\","
            + of
            + ",\"arguments\":"
            + Turn.quoted(call.arguments()));
    events.add(
        "{\"type\":\"response.output_item.done\",\"output_index\":" + index + ",\"item\":" + item);
  }

  private static List<String> items(Turn turn) {
    var items = new ArrayList<String>();
    items.add(
        "{\"id\":\"msg_0\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\","
            + "\"content\":[{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":"
            + Turn.quoted(turn.text())
            + "}]}");
    for (var call : turn.calls()) {
      items.add(item(call, items.size(), "completed", call.arguments()));
    }
    return items;
  }

  private static String item(Turn.Call call, int index, String status, String arguments) {
    return "{\"id\":\"fc_%1$s\",\"type\":\"function_call\",\"status\":\"%2$s\",\"call_id\":\"call_%1$s\",\"name\":\"%3$s\",\"arguments\":%4$s}"
        .formatted(index, status, call.name(), Turn.quoted(arguments));
  }

  private static String response(String status, List<String> items) {
    var usage =
        status.equals("completed")
            ? "{\"input_tokens\":19,\"input_tokens_details\":{\"cached_tokens\":0},"
                + "\"output_tokens\":10,\"output_tokens_details\":{\"reasoning_tokens\":0},"
                + "\"total_tokens\":29}"
            : "null";
    return """
    {"id":"resp_1","object":"response","created_at":1790000000,"status":"%s","background":false,"error":null,\
    "incomplete_details":null,"instructions":null,"max_output_tokens":null,"max_tool_calls":null,\
    "model":"clerk-1-2026-08-01","output":[%s],"parallel_tool_calls":true,"previous_response_id":null,\
    "prompt_cache_key":null,"reasoning":{"effort":null,"summary":null},"safety_identifier":null,\
    "service_tier":"default","store":false,"temperature":1.0,"text":{"format":{"type":"text"},\
    "verbosity":"medium"},"tool_choice":"auto","tools":[],"top_logprobs":0,"top_p":1.0,\
    "truncation":"disabled","usage":%s,"user":null,"metadata":{}}\
    """
        .formatted(status, String.join(",", items), usage);
  }
}
