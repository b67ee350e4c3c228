package dev.remit.conformance.models;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/v1/chat/completions`.
final class ChatWire implements Wire {

  @Override
  public Turn turn(JsonNode asked) {
    var kinds = new ArrayList<String>();
    var texts = new ArrayList<String>();
    var last = "";
    for (var message : asked.path("messages")) {
      kinds.add(message.path("role").asString(""));
      texts.add(Turn.said(message.path("content")));
      last = kinds.getLast().equals("user") ? texts.getLast() : last;
    }
    return Turn.after(last, Wire.tail(kinds, texts, "tool"));
  }

  @Override
  public String whole(JsonNode asked, Turn turn) {
    var calls = new ArrayList<String>();
    for (var call : turn.calls()) {
      calls.add(
          """
          {"id":"call_%s","type":"function","function":{"name":"%s","arguments":%s}}\
          """
              .formatted(calls.size(), call.name(), Turn.quoted(call.arguments())));
    }
    return """
    {"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"clerk-1-2026-08-01",
     "choices":[{"index":0,"message":{"role":"assistant","content":%s,"refusal":null,"annotations":[]%s},
       "logprobs":null,"finish_reason":"%s"}],
     "usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,
       "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},
       "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,
         "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},
     "service_tier":"default","system_fingerprint":"fp_44709d6fcb"}
    """
        .formatted(
            Turn.quoted(turn.text()),
            calls.isEmpty() ? "" : ",\"tool_calls\":[" + String.join(",", calls) + "]",
            calls.isEmpty() ? "stop" : "tool_calls");
  }

  @Override
  public List<String> events(JsonNode asked, Turn turn) {
    var events = new ArrayList<String>();
    events.add(chunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"));
    turn.words().forEach(word -> events.add(chunk("{\"content\":" + Turn.quoted(word) + "}")));
    for (int i = 0; i < turn.calls().size(); i++) {
      var call = turn.calls().get(i);
      events.add(
          chunk(
              """
              {"tool_calls":[{"index":%1$s,"id":"call_%1$s","type":"function","function":{"name":"%2$s","arguments":""}}]}\
              """
                  .formatted(i, call.name())));
      for (var half : Wire.halves(call.arguments())) {
        events.add(
            chunk(
                """
                {"tool_calls":[{"index":%s,"function":{"arguments":%s}}]}\
                """
                    .formatted(i, Turn.quoted(half))));
      }
    }
    events.add(chunk("{}", turn.calls().isEmpty() ? "\"stop\"" : "\"tool_calls\""));
    if (asked.at("/stream_options/include_usage").asBoolean(false)) {
      events.add(
          "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1790000000,"
              + "\"model\":\"clerk-1-2026-08-01\",\"service_tier\":\"default\","
              + "\"system_fingerprint\":\"fp_44709d6fcb\",\"choices\":[],\"usage\":{"
              + "\"prompt_tokens\":19,\"completion_tokens\":10,\"total_tokens\":29}}\n\n");
    }
    events.add("data: [DONE]\n\n");
    return events;
  }

  private static String chunk(String delta) {
    return chunk(delta, "null");
  }

  private static String chunk(String delta, String finish) {
    return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1790000000,"
        + "\"model\":\"clerk-1-2026-08-01\",\"service_tier\":\"default\","
        + "\"system_fingerprint\":\"fp_44709d6fcb\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"logprobs\":null,\"finish_reason\":"
        + finish
        + "}],\"usage\":null,\"obfuscation\":\"aB3x\"}\n\n";
  }
}
