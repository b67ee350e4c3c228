package dev.remit.server.models;

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

  MessagesPassing(Seen seen, Proposing proposing, Texts texts, int withheldMax) {
    super(seen, proposing, texts, withheldMax);
  }

  private static final class Block {
    private final List<Held> events = new ArrayList<>();
    private final StringBuilder input = new StringBuilder();
    private String name = "";
  }

  @Override
  List<byte[]> event(byte[] bytes, byte[] data) throws Broken {
    var event = object(data);
    long index = event.path("index").asLong(-1);
    switch (event.path("type").asString("")) {
      case "message_start" -> {
        about(event.path("message"));
        texts.take(bytes, event);
      }
      case "content_block_start" -> start(bytes, event, index);
      case "content_block_delta" -> delta(bytes, event, index);
      case "content_block_stop" -> stop(bytes, event, index);
      case "message_delta" -> ending(bytes, event);
      case "message_stop" -> {
        if (!waiting.isEmpty()) {
          throw new Broken("it ended in the middle of a proposed call");
        }
        seen.complete();
        texts.overAll("");
        texts.take(bytes, event);
      }
      case "error" -> {
        seen.complete();
        texts.overAll("");
        texts.take(bytes, event);
      }
      default -> texts.take(bytes, event);
    }
    return texts.ready();
  }

  private void start(byte[] bytes, ObjectNode event, long index) throws Broken {
    var block = event.path("content_block");
    var type = block.path("type").asString("");
    if (!type.equals("tool_use")) {
      hosted(type, block);
      seen.wrote(block.path("text").asString(""));
      if (block.path("text").asString("").isEmpty()) {
        texts.take(bytes, event);
      } else {
        texts.take(bytes, event, pieces(index, block, "text"));
      }
      return;
    }
    var waits = new Block();
    waits.name = block.path("name").asString("");
    waits.events.add(new Held(bytes, event));
    if (!block.path("input").isEmpty()) {
      waits.input.append(block.path("input"));
    }
    if (waiting.put(index, waits) != null) {
      throw new Broken("it begins one block twice");
    }
    withhold(bytes.length);
  }

  private void delta(byte[] bytes, ObjectNode event, long index) throws Broken {
    var delta = event.path("delta");
    var waits = waiting.get(index);
    if (waits != null) {
      waits.input.append(delta.path("partial_json").asString(""));
      waits.events.add(new Held(bytes, event));
      withhold(bytes.length);
      return;
    }
    if (delta.path("type").asString("").equals("input_json_delta")) {
      seen.wrote(delta.path("partial_json").asString(""));
    }
    seen.wrote(delta.path("text").asString("") + delta.path("thinking").asString(""));
    texts.take(bytes, event, pieces(index, delta, "text", "thinking", "partial_json"));
  }

  private static List<Texts.Piece> pieces(long index, JsonNode in, String... members) {
    var pieces = new ArrayList<Texts.Piece>();
    for (var member : members) {
      if (in instanceof ObjectNode object && object.path(member).isString()) {
        pieces.add(new Texts.Piece(index + " " + member, object, member));
      }
    }
    return pieces;
  }

  private void stop(byte[] bytes, ObjectNode event, long index) throws Broken {
    var waits = waiting.remove(index);
    if (waits == null) {
      texts.overAll(index + " ");
      texts.take(bytes, event);
      return;
    }
    if (waiting.isEmpty()) {
      released();
    }
    var input = waits.input.isEmpty() ? "{}" : waits.input.toString();
    var verdict = proposing.of(waits.name, "tool_use", input);
    if (!verdict.passes()) {
      refused++;
      var begin = about("content_block_start", index);
      begin.putObject("content_block").put("type", "text").put("text", "");
      texts.take(event(begin));
      var says = about("content_block_delta", index);
      says.putObject("delta").put("type", "text_delta").put("text", verdict.instead());
      texts.take(event(says));
    } else if (verdict.changed().isPresent()) {
      passed++;
      told(waits.events.getFirst().event(), index, verdict.changed().get());
    } else {
      passed++;
      for (var held : waits.events) {
        texts.take(held.bytes());
      }
    }
    texts.take(bytes);
  }

  private void told(ObjectNode begin, long index, String input) throws Broken {
    if (begin.path("content_block") instanceof ObjectNode block) {
      block.putObject("input");
    }
    texts.take(event(begin));
    var says = about("content_block_delta", index);
    says.putObject("delta").put("type", "input_json_delta").put("partial_json", input);
    texts.take(event(says));
  }

  private static ObjectNode about(String type, long index) {
    return JsonMapper.shared().createObjectNode().put("type", type).put("index", index);
  }

  private void ending(byte[] bytes, ObjectNode event) throws Broken {
    usage(event.path("usage"));
    seen.finish(event.path("delta").path("stop_reason"));
    if (refused > 0
        && passed == 0
        && event.path("delta") instanceof ObjectNode delta
        && delta.path("stop_reason").asString("").equals("tool_use")) {
      delta.put("stop_reason", "end_turn");
      texts.take(event(event), event);
      return;
    }
    texts.take(bytes, event);
  }

  @Override
  byte[] whole(byte[] bytes) throws Broken {
    var answer = object(bytes);
    byte[] clean = texts.whole(bytes, answer);
    about(answer);
    seen.finish(answer.path("stop_reason"));
    if (answer.path("content") instanceof ArrayNode content) {
      for (int i = 0; i < content.size(); i++) {
        judge(content, i);
      }
    }
    seen.complete();
    if (refused == 0) {
      return clean;
    }
    if (passed == 0 && answer.path("stop_reason").asString("").equals("tool_use")) {
      answer.put("stop_reason", "end_turn");
    }
    return bytes(answer);
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
