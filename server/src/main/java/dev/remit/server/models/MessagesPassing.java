package dev.remit.server.models;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers of `/v1/messages`. A block of type `tool_use` waits from its start to its stop.
final class MessagesPassing extends Passing {
  private final Map<Long, Block> waiting = new HashMap<>();
  private int passed;
  private int refused;

  MessagesPassing(Seen seen, Proposing proposing, int withheldMax) {
    super(seen, proposing, withheldMax);
  }

  private static final class Block {
    private final List<byte[]> events = new ArrayList<>();
    private final StringBuilder input = new StringBuilder();
    private String name = "";
  }

  @Override
  List<byte[]> event(byte[] bytes, byte[] data) throws Broken {
    var event = object(data);
    long index = event.path("index").asLong(-1);
    return switch (event.path("type").asString("")) {
      case "message_start" -> {
        about(event.path("message"));
        yield List.of(bytes);
      }
      case "content_block_start" -> start(bytes, index, event.path("content_block"));
      case "content_block_delta" -> delta(bytes, index, event.path("delta"));
      case "content_block_stop" -> stop(bytes, index);
      case "message_delta" -> ending(bytes, event);
      case "message_stop" -> {
        if (!waiting.isEmpty()) {
          throw new Broken("it ended in the middle of a proposed call");
        }
        seen.complete();
        yield List.of(bytes);
      }
      case "error" -> {
        seen.complete();
        yield List.of(bytes);
      }
      default -> List.of(bytes);
    };
  }

  private List<byte[]> start(byte[] bytes, long index, JsonNode block) throws Broken {
    var type = block.path("type").asString("");
    if (!type.equals("tool_use")) {
      hosted(type, block);
      seen.wrote(block.path("text").asString(""));
      return List.of(bytes);
    }
    var waits = new Block();
    waits.name = block.path("name").asString("");
    waits.events.add(bytes);
    if (!block.path("input").isEmpty()) {
      waits.input.append(block.path("input"));
    }
    if (waiting.put(index, waits) != null) {
      throw new Broken("it begins one block twice");
    }
    withhold(bytes.length);
    return List.of();
  }

  private List<byte[]> delta(byte[] bytes, long index, JsonNode delta) throws Broken {
    var waits = waiting.get(index);
    if (waits == null) {
      if (delta.path("type").asString("").equals("input_json_delta")) {
        seen.wrote(delta.path("partial_json").asString(""));
      }
      seen.wrote(delta.path("text").asString("") + delta.path("thinking").asString(""));
      return List.of(bytes);
    }
    waits.input.append(delta.path("partial_json").asString(""));
    waits.events.add(bytes);
    withhold(bytes.length);
    return List.of();
  }

  private List<byte[]> stop(byte[] bytes, long index) {
    var waits = waiting.remove(index);
    if (waits == null) {
      return List.of(bytes);
    }
    if (waiting.isEmpty()) {
      released();
    }
    var input = waits.input.isEmpty() ? "{}" : waits.input.toString();
    var verdict = proposing.of(waits.name, "tool_use", input);
    if (verdict.passes()) {
      passed++;
      waits.events.add(bytes);
      return waits.events;
    }
    refused++;
    var begin = about("content_block_start", index);
    begin.putObject("content_block").put("type", "text").put("text", "");
    var says = about("content_block_delta", index);
    says.putObject("delta").put("type", "text_delta").put("text", verdict.instead());
    return List.of(event("content_block_start", begin), event("content_block_delta", says), bytes);
  }

  private static ObjectNode about(String type, long index) {
    return JsonMapper.shared().createObjectNode().put("type", type).put("index", index);
  }

  private List<byte[]> ending(byte[] bytes, ObjectNode event) {
    usage(event.path("usage"));
    seen.finish(event.path("delta").path("stop_reason"));
    if (refused > 0
        && passed == 0
        && event.path("delta") instanceof ObjectNode delta
        && delta.path("stop_reason").asString("").equals("tool_use")) {
      delta.put("stop_reason", "end_turn");
      return List.of(event("message_delta", event));
    }
    return List.of(bytes);
  }

  @Override
  byte[] whole(byte[] bytes) throws Broken {
    var answer = object(bytes);
    about(answer);
    seen.finish(answer.path("stop_reason"));
    if (answer.path("content") instanceof ArrayNode content) {
      for (int i = 0; i < content.size(); i++) {
        judge(content, i);
      }
    }
    seen.complete();
    if (refused == 0) {
      return bytes;
    }
    if (passed == 0 && answer.path("stop_reason").asString("").equals("tool_use")) {
      answer.put("stop_reason", "end_turn");
    }
    return answer.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void judge(ArrayNode content, int i) {
    var block = content.get(i);
    var type = block.path("type").asString("");
    if (!type.equals("tool_use")) {
      hosted(type, block);
      seen.wrote(block.path("text").asString("") + block.path("thinking").asString(""));
      return;
    }
    var verdict =
        proposing.of(block.path("name").asString(""), type, block.path("input").toString());
    if (verdict.passes()) {
      passed++;
    } else {
      refused++;
      content.set(
          i,
          JsonMapper.shared()
              .createObjectNode()
              .put("type", "text")
              .put("text", verdict.instead()));
    }
  }

  private void hosted(String type, JsonNode block) {
    if (type.equals("server_tool_use") || type.equals("mcp_tool_use")) {
      seen.ran(block.path("name").asString(type));
    }
  }

  private void about(JsonNode message) {
    seen.named(message.path("model"));
    usage(message.path("usage"));
  }

  private void usage(JsonNode usage) {
    if (!usage.isObject()) {
      return;
    }
    seen.tier(usage.path("service_tier"));
    long fresh = number(usage.path("input_tokens"));
    long read = number(usage.path("cache_read_input_tokens"));
    long made = number(usage.path("cache_creation_input_tokens"));
    long all = fresh < 0 ? -1 : fresh + Math.max(0, read) + Math.max(0, made);
    seen.usage(all, read, number(usage.path("output_tokens")));
  }
}
