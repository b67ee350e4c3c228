package dev.remit.server.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers of `/v1/responses`. An item that is a call for the agent to make waits from the event
/// that adds it to the one that says it is done. A refused one becomes a message, of its own id and
/// at its own place, in the events and in the response that is told at the end.
final class ResponsesPassing extends Passing {
  /// Calls that the provider itself carries out.
  private static final Set<String> HOSTED =
      Set.of(
          "web_search_call",
          "file_search_call",
          "code_interpreter_call",
          "image_generation_call",
          "tool_search_call",
          "mcp_call");

  private final Map<Long, Waiting> waiting = new HashMap<>();
  private final Map<String, ObjectNode> replaced = new HashMap<>();
  private long shift;

  ResponsesPassing(Seen seen, Proposing proposing, Texts texts, int withheldMax) {
    super(seen, proposing, texts, withheldMax);
  }

  private static final class Waiting {
    private final List<Held> events = new ArrayList<>();
  }

  @Override
  List<byte[]> event(byte[] bytes, byte[] data) throws Broken {
    var event = object(data);
    var type = event.path("type").asString("");
    long index = event.path("output_index").asLong(-1);
    if (type.equals("response.output_item.added") && isCall(event.path("item"))) {
      if (waiting.put(index, new Waiting()) != null) {
        throw new Broken("it adds one item twice");
      }
    }
    var waits = index < 0 ? null : waiting.get(index);
    if (waits != null) {
      waits.events.add(new Held(bytes, event));
      withhold(bytes.length);
      if (type.equals("response.output_item.done")) {
        done(index, event);
      }
      return texts.ready();
    }
    if (type.equals("response.output_item.done") && isCall(event.path("item"))) {
      throw new Broken("it proposes a call that it did not begin");
    }
    text(type, event);
    if (event.path("response") instanceof ObjectNode response) {
      about(response);
      if (type.equals("response.completed")
          || type.equals("response.incomplete")
          || type.equals("response.failed")) {
        if (!waiting.isEmpty()) {
          throw new Broken("it ended in the middle of a proposed call");
        }
        seen.finish(response.path("status"));
        seen.complete();
        texts.overAll("");
        if (restore(response)) {
          texts.take(numbered(event), event);
          return texts.ready();
        }
      }
    }
    if (type.equals("error")) {
      seen.complete();
      texts.overAll("");
    }
    pass(type, shift == 0 ? bytes : numbered(event), event);
    return texts.ready();
  }

  private void pass(String type, byte[] bytes, ObjectNode event) throws Broken {
    var part =
        event.path("output_index").asLong(-1)
            + " "
            + event.path("content_index").asLong(event.path("summary_index").asLong(-1))
            + " "
            + type.substring(0, Math.max(0, type.lastIndexOf('.')));
    if (type.endsWith(".delta") && !type.contains("audio") && event.path("delta").isString()) {
      texts.take(bytes, event, List.of(new Texts.Piece(part, event, "delta")));
    } else {
      texts.over(part);
      texts.take(bytes, event);
    }
  }

  private void done(long index, ObjectNode last) throws Broken {
    var waits = waiting.remove(index);
    if (waits == null || !(last.path("item") instanceof ObjectNode item)) {
      throw new Broken("an item is no object");
    }
    if (waiting.isEmpty()) {
      released();
    }
    var verdict = judged(item);
    if (!verdict.passes()) {
      var message = message(item, verdict.instead());
      replaced.put(item.path("id").asString(""), message);
      told(events(message, index), waits.events);
    } else if (verdict.changed().isPresent()) {
      var other = says(item, verdict.changed().get());
      replaced.put(item.path("id").asString(""), other);
      told(events(waits.events.getFirst().event(), other, index), waits.events);
    } else {
      for (var held : waits.events) {
        texts.take(shift == 0 ? held.bytes() : numbered(held.event()));
      }
    }
  }

  /// The same call with other arguments.
  private static ObjectNode says(ObjectNode item, String arguments) {
    var other = item.deepCopy();
    if (other.path("arguments").isString() || other.path("input").isString()) {
      return other.put(other.path("arguments").isString() ? "arguments" : "input", arguments);
    }
    var name = other.has("action") ? "action" : "operation";
    other.set(name, JsonMapper.shared().readTree(arguments));
    return other;
  }

  /// Tells `events` instead of those that were held, numbered on from the first of these.
  private void told(List<ObjectNode> events, List<Held> instead) throws Broken {
    long first = instead.getFirst().event().path("sequence_number").asLong(0) + shift;
    for (int i = 0; i < events.size(); i++) {
      texts.take(event(events.get(i).put("sequence_number", first + i)));
    }
    shift += events.size() - instead.size();
  }

  /// The events by which a call comes.
  private static List<ObjectNode> events(ObjectNode begin, ObjectNode item, long index) {
    var events = new ArrayList<ObjectNode>();
    events.add(begin);
    var id = item.path("id").asString("");
    for (var member : List.of("arguments", "input")) {
      if (item.path(member).isString()) {
        var type =
            member.equals("input")
                ? "response.custom_tool_call_input"
                : "response.function_call_arguments";
        var says = item.path(member).stringValue();
        events.add(about(type + ".delta", index).put("item_id", id).put("delta", says));
        events.add(about(type + ".done", index).put("item_id", id).put(member, says));
      }
    }
    events.add(about("response.output_item.done", index).set("item", item));
    return events;
  }

  /// The events by which a message comes.
  private static List<ObjectNode> events(ObjectNode message, long index) {
    var text = message.at("/content/0/text").stringValue();
    var id = message.path("id").asString("");
    var bare = message.deepCopy();
    bare.put("status", "in_progress").putArray("content");
    var empty = part("");
    var events = new ArrayList<ObjectNode>();
    events.add(about("response.output_item.added", index).set("item", bare));
    events.add(ofPart("response.content_part.added", index, id).set("part", empty));
    var delta = ofPart("response.output_text.delta", index, id).put("delta", text);
    delta.putArray("logprobs");
    events.add(delta);
    var done = ofPart("response.output_text.done", index, id).put("text", text);
    done.putArray("logprobs");
    events.add(done);
    events.add(ofPart("response.content_part.done", index, id).set("part", part(text)));
    events.add(about("response.output_item.done", index).set("item", message));
    return events;
  }

  private static ObjectNode about(String type, long index) {
    return JsonMapper.shared().createObjectNode().put("type", type).put("output_index", index);
  }

  private static ObjectNode ofPart(String type, long index, String id) {
    return about(type, index).put("item_id", id).put("content_index", 0);
  }

  private static ObjectNode part(String text) {
    var part = JsonMapper.shared().createObjectNode().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    return part;
  }

  private static ObjectNode message(ObjectNode call, String text) {
    var message = JsonMapper.shared().createObjectNode();
    message.set("id", call.path("id"));
    message.put("type", "message").put("status", "completed").put("role", "assistant");
    message.putArray("content").add(part(text));
    return message;
  }

  private byte[] numbered(ObjectNode event) {
    if (shift != 0 && event.path("sequence_number").isIntegralNumber()) {
      event.put("sequence_number", event.path("sequence_number").longValue() + shift);
    }
    return event(event);
  }

  /// Puts the messages in the place of refused calls in the response that is told at the end.
  private boolean restore(ObjectNode response) {
    boolean changed = false;
    if (response.path("output") instanceof ArrayNode output) {
      for (int i = 0; i < output.size(); i++) {
        var message = replaced.get(output.get(i).path("id").asString(""));
        if (message != null && isCall(output.get(i))) {
          output.set(i, message);
          changed = true;
        }
      }
    }
    return changed;
  }

  @Override
  byte[] whole(byte[] bytes) throws Broken {
    var answer = object(bytes);
    byte[] clean = texts.whole(bytes, answer);
    about(answer);
    seen.finish(answer.path("status"));
    boolean changed = false;
    if (answer.path("output") instanceof ArrayNode output) {
      for (int i = 0; i < output.size(); i++) {
        if (output.get(i) instanceof ObjectNode item && isCall(item)) {
          var verdict = judged(item);
          if (!verdict.passes()) {
            output.set(i, message(item, verdict.instead()));
            changed = true;
          }
        } else {
          item(output.get(i));
        }
      }
    }
    seen.complete();
    return changed ? bytes(answer) : clean;
  }

  private Verdict judged(ObjectNode item) {
    var type = item.path("type").asString("");
    return switch (type) {
      case "function_call" ->
          proposing.of(item.path("name").asString(""), type, item.path("arguments").asString(""));
      case "custom_tool_call" ->
          proposing.of(item.path("name").asString(""), type, item.path("input").asString(""));
      default -> {
        // A tool of the provider's making that the agent runs: a shell, a computer, a patch.
        var action = item.has("action") ? item.path("action") : item.path("operation");
        yield proposing.of(
            type.replaceFirst("_call$", ""),
            type,
            action.isMissingNode() ? "{}" : action.toString());
      }
    };
  }

  private static boolean isCall(JsonNode item) {
    var type = item.path("type").asString("");
    return type.endsWith("_call") && !HOSTED.contains(type);
  }

  private void about(ObjectNode response) {
    seen.named(response.path("model"));
    seen.tier(response.path("service_tier"));
    var usage = response.path("usage");
    if (usage.isObject()) {
      seen.usage(
          number(usage.path("input_tokens")),
          number(usage.at("/input_tokens_details/cached_tokens")),
          number(usage.path("output_tokens")));
    }
  }

  private void text(String type, ObjectNode event) {
    if (type.endsWith("text.delta") || type.equals("response.refusal.delta")) {
      seen.wrote(event.path("delta").asString(""));
    } else if (type.equals("response.output_item.added")) {
      hosted(event.path("item"));
    }
  }

  private void item(JsonNode item) {
    hosted(item);
    for (var part : item.path("content")) {
      seen.wrote(part.path("text").asString("") + part.path("refusal").asString(""));
    }
  }

  private void hosted(JsonNode item) {
    if (HOSTED.contains(item.path("type").asString(""))) {
      seen.ran(item.path("type").asString(""));
    }
  }
}
