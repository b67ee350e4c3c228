package dev.remit.server.models;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers of `/v1/chat/completions`.
///
/// A streamed call comes in pieces, told apart by the choice's and the call's index, and is
/// complete when the choice says why it ended.
final class ChatPassing extends Passing {
  private final boolean tellsUsage;
  private final TreeMap<Long, Choice> choices = new TreeMap<>();

  /// @param tellsUsage whether the agent itself asked for the usage; else it is not told
  ChatPassing(Seen seen, Proposing proposing, int withheldMax, boolean tellsUsage) {
    super(seen, proposing, withheldMax);
    this.tellsUsage = tellsUsage;
  }

  /// What waits of one choice.
  private static final class Choice {
    private final List<byte[]> waiting = new ArrayList<>();
    private final TreeMap<Long, Call> calls = new TreeMap<>();
  }

  private static final class Call {
    private String id = "";
    private String kind = "function";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();
  }

  @Override
  List<byte[]> event(byte[] bytes, byte[] data) throws Broken {
    if (isDone(data)) {
      if (!choices.isEmpty()) {
        throw new Broken("it ended in the middle of a proposed call");
      }
      seen.complete();
      return List.of(bytes);
    }
    var chunk = object(data);
    about(chunk);
    var all = chunk.path("choices");
    if (chunk.has("error")) {
      seen.complete();
      return List.of(bytes);
    }
    if (all.isEmpty()) {
      boolean isUsage = chunk.path("usage").isObject();
      return isUsage && !tellsUsage ? List.of() : List.of(bytes);
    }
    boolean plain = true;
    for (var choice : all) {
      plain &= !concerns(choice);
      text(choice.path("delta"));
      seen.finish(choice.path("finish_reason"));
    }
    return plain ? List.of(bytes) : withCalls(bytes, chunk, (ArrayNode) all);
  }

  /// Whether something of this choice waits or is to wait.
  private boolean concerns(JsonNode choice) {
    var delta = choice.path("delta");
    return choices.containsKey(choice.path("index").asLong(0))
        || !delta.path("tool_calls").isEmpty()
        || delta.path("function_call").isObject();
  }

  private List<byte[]> withCalls(byte[] bytes, ObjectNode chunk, ArrayNode all) throws Broken {
    var passes = new ArrayList<byte[]>();
    if (all.size() > 1) {
      // Told one by one: some may wait while others pass.
      for (var one : all) {
        var alone = chunk.deepCopy();
        alone.putArray("choices").add(one);
        passes.addAll(
            concerns(one)
                ? one(event("", alone), alone, (ObjectNode) alone.path("choices").get(0))
                : List.of(event("", alone)));
      }
      return passes;
    }
    if (!(all.get(0) instanceof ObjectNode only)) {
      throw new Broken("a choice is no object");
    }
    return one(bytes, chunk, only);
  }

  private List<byte[]> one(byte[] bytes, ObjectNode chunk, ObjectNode choice) throws Broken {
    long index = choice.path("index").asLong(0);
    var waiting = choices.computeIfAbsent(index, _ -> new Choice());
    gather(waiting, choice.path("delta"));
    withhold(bytes.length);
    waiting.waiting.add(bytes);
    if (!choice.path("finish_reason").isString()) {
      return List.of();
    }
    choices.remove(index);
    if (choices.isEmpty()) {
      released();
    }
    return judged(waiting, chunk, choice);
  }

  private static void gather(Choice choice, JsonNode delta) {
    for (var piece : delta.path("tool_calls")) {
      var call = choice.calls.computeIfAbsent(piece.path("index").asLong(0), _ -> new Call());
      call.id = call.id + piece.path("id").asString("");
      call.kind = piece.path("type").asString(call.kind);
      var inner = piece.path("function").isObject() ? piece.path("function") : piece.path("custom");
      call.name = call.name + inner.path("name").asString("");
      call.arguments
          .append(inner.path("arguments").asString(""))
          .append(inner.path("input").asString(""));
    }
    if (delta.path("function_call").isObject()) {
      var call = choice.calls.computeIfAbsent(-1L, _ -> new Call());
      call.kind = "function_call";
      call.name = call.name + delta.path("function_call").path("name").asString("");
      call.arguments.append(delta.path("function_call").path("arguments").asString(""));
    }
  }

  /// All of them pass as they came; where one does not, those that do are told anew, whole.
  private List<byte[]> judged(Choice choice, ObjectNode last, ObjectNode ending) {
    var passing = new ArrayList<Call>();
    var instead = new StringBuilder();
    for (var call : choice.calls.values()) {
      var verdict = proposing.of(call.name, call.kind, call.arguments.toString());
      if (verdict.passes()) {
        passing.add(call);
      } else {
        instead.append(instead.isEmpty() ? "" : "\n").append(verdict.instead());
      }
    }
    if (instead.isEmpty()) {
      return choice.waiting;
    }
    var passes = new ArrayList<byte[]>();
    passes.add(told(last, ending, delta -> delta.put("content", instead.toString()), null));
    for (int i = 0; i < passing.size(); i++) {
      int at = i;
      passes.add(told(last, ending, delta -> call(delta, passing.get(at), at), null));
    }
    var finish = passing.isEmpty() ? "stop" : ending.path("finish_reason").stringValue();
    passes.add(told(last, ending, _ -> {}, finish));
    return passes;
  }

  private static byte[] told(
      ObjectNode like,
      ObjectNode ending,
      java.util.function.Consumer<ObjectNode> says,
      @Nullable String finish) {
    var chunk = like.deepCopy();
    var choice = chunk.putArray("choices").addObject();
    choice.set("index", ending.path("index"));
    says.accept(choice.putObject("delta"));
    choice.putNull("logprobs");
    if (finish == null) {
      choice.putNull("finish_reason");
    } else {
      choice.put("finish_reason", finish);
    }
    return event("", chunk);
  }

  private static void call(ObjectNode delta, Call call, int index) {
    if (call.kind.equals("function_call")) {
      delta
          .putObject("function_call")
          .put("name", call.name)
          .put("arguments", call.arguments.toString());
      return;
    }
    var one = delta.putArray("tool_calls").addObject();
    one.put("index", index).put("id", call.id).put("type", call.kind);
    if (call.kind.equals("custom")) {
      one.putObject("custom").put("name", call.name).put("input", call.arguments.toString());
    } else {
      one.putObject("function").put("name", call.name).put("arguments", call.arguments.toString());
    }
  }

  @Override
  byte[] whole(byte[] bytes) throws Broken {
    var answer = object(bytes);
    about(answer);
    boolean changed = false;
    for (var choice : answer.path("choices")) {
      var message = choice.path("message");
      text(message);
      seen.finish(choice.path("finish_reason"));
      if (choice instanceof ObjectNode one && message instanceof ObjectNode said) {
        changed |= judged(one, said);
      }
    }
    seen.complete();
    return changed ? answer.toString().getBytes(StandardCharsets.UTF_8) : bytes;
  }

  private boolean judged(ObjectNode choice, ObjectNode message) {
    var instead = new ArrayList<String>();
    int left = 0;
    if (message.path("tool_calls") instanceof ArrayNode calls) {
      for (int i = calls.size() - 1; i >= 0; i--) {
        var call = calls.get(i);
        var kind = call.path("type").asString("function");
        var inner = call.path(kind).isObject() ? call.path(kind) : call.path("function");
        var arguments = inner.path("arguments").asString("") + inner.path("input").asString("");
        var verdict = proposing.of(inner.path("name").asString(""), kind, arguments);
        if (!verdict.passes()) {
          instead.addFirst(verdict.instead());
          calls.remove(i);
        }
      }
      left = calls.size();
      if (left == 0) {
        message.remove("tool_calls");
      }
    }
    if (message.path("function_call") instanceof ObjectNode call) {
      var verdict =
          proposing.of(
              call.path("name").asString(""), "function_call", call.path("arguments").asString(""));
      if (verdict.passes()) {
        left++;
      } else {
        instead.add(verdict.instead());
        message.remove("function_call");
      }
    }
    if (instead.isEmpty()) {
      return false;
    }
    var before = message.path("content").asString("");
    message.put("content", (before.isEmpty() ? "" : before + "\n") + String.join("\n", instead));
    if (left == 0) {
      choice.put("finish_reason", "stop");
    }
    return true;
  }

  private void about(ObjectNode answer) {
    seen.named(answer.path("model"));
    seen.fingerprint(answer.path("system_fingerprint"));
    seen.tier(answer.path("service_tier"));
    var usage = answer.path("usage");
    if (usage.isObject()) {
      seen.usage(
          number(usage.path("prompt_tokens")),
          number(usage.at("/prompt_tokens_details/cached_tokens")),
          number(usage.path("completion_tokens")));
    }
  }

  private void text(JsonNode said) {
    for (var member : new String[] {"content", "refusal", "reasoning_content"}) {
      if (said.path(member).isString()) {
        seen.wrote(said.path(member).stringValue());
      }
    }
  }

  private static boolean isDone(byte[] data) {
    return data.length == 6 && new String(data, StandardCharsets.US_ASCII).equals("[DONE]");
  }
}
