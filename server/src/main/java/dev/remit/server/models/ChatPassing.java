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
  private static final List<String> TEXTS = List.of("content", "refusal", "reasoning_content");

  private final boolean tellsUsage;
  private final TreeMap<Long, Choice> choices = new TreeMap<>();

  /// @param tellsUsage whether the agent itself asked for the usage; else it is not told
  ChatPassing(Seen seen, Proposing proposing, Texts texts, int withheldMax, boolean tellsUsage) {
    super(seen, proposing, texts, withheldMax);
    this.tellsUsage = tellsUsage;
  }

  /// What waits of one choice.
  private static final class Choice {
    private final List<Held> waiting = new ArrayList<>();
    private final TreeMap<Long, Call> calls = new TreeMap<>();
  }

  private static final class Call {
    private String id = "";
    private String kind = "function";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();

    private void says(String other) {
      arguments.setLength(0);
      arguments.append(other);
    }
  }

  @Override
  List<byte[]> event(byte[] bytes, byte[] data) throws Broken {
    if (isDone(data)) {
      if (!choices.isEmpty()) {
        throw new Broken("it ended in the middle of a proposed call");
      }
      seen.complete();
      texts.overAll("");
      texts.take(bytes);
      return texts.ready();
    }
    var chunk = object(data);
    about(chunk);
    var all = chunk.path("choices");
    if (chunk.has("error")) {
      seen.complete();
      texts.overAll("");
      texts.take(bytes, chunk);
    } else if (all.isEmpty()) {
      boolean isUsage = chunk.path("usage").isObject();
      if (!isUsage || tellsUsage) {
        texts.take(bytes, chunk);
      }
    } else {
      choices(bytes, chunk, all);
    }
    return texts.ready();
  }

  private void choices(byte[] bytes, ObjectNode chunk, JsonNode all) throws Broken {
    boolean plain = true;
    for (var choice : all) {
      plain &= !concerns(choice);
      text(choice.path("delta"));
      seen.finish(choice.path("finish_reason"));
    }
    if (plain) {
      pass(new Held(bytes, chunk));
    } else {
      withCalls(bytes, chunk, (ArrayNode) all);
    }
  }

  /// Text passes, and where the choice says why it ended, all of it.
  private void pass(Held held) throws Broken {
    var pieces = new ArrayList<Texts.Piece>();
    for (var choice : held.event().path("choices")) {
      for (var member : TEXTS) {
        if (choice.path("delta") instanceof ObjectNode delta && delta.path(member).isString()) {
          pieces.add(new Texts.Piece(channels(choice) + member, delta, member));
        }
      }
    }
    texts.take(held.bytes(), held.event(), pieces);
    for (var choice : held.event().path("choices")) {
      if (choice.path("finish_reason").isString()) {
        texts.overAll(channels(choice));
      }
    }
  }

  private static String channels(JsonNode choice) {
    return choice.path("index").asLong(0) + " ";
  }

  /// Whether something of this choice waits or is to wait.
  private boolean concerns(JsonNode choice) {
    var delta = choice.path("delta");
    return choices.containsKey(choice.path("index").asLong(0))
        || !delta.path("tool_calls").isEmpty()
        || delta.path("function_call").isObject();
  }

  private void withCalls(byte[] bytes, ObjectNode chunk, ArrayNode all) throws Broken {
    if (all.size() > 1) {
      // Told one by one: some may wait while others pass.
      for (var one : all) {
        var alone = chunk.deepCopy();
        alone.putArray("choices").add(one);
        var held = new Held(event(alone), alone);
        if (concerns(one)) {
          one(held, (ObjectNode) alone.path("choices").get(0));
        } else {
          pass(held);
        }
      }
    } else if (all.get(0) instanceof ObjectNode only) {
      one(new Held(bytes, chunk), only);
    } else {
      throw new Broken("a choice is no object");
    }
  }

  private void one(Held held, ObjectNode choice) throws Broken {
    long index = choice.path("index").asLong(0);
    var waiting = choices.computeIfAbsent(index, _ -> new Choice());
    gather(waiting, choice.path("delta"));
    withhold(held.bytes().length);
    waiting.waiting.add(held);
    if (choice.path("finish_reason").isString()) {
      choices.remove(index);
      if (choices.isEmpty()) {
        released();
      }
      judged(waiting, held.event(), choice);
    }
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
  private void judged(Choice choice, ObjectNode last, ObjectNode ending) throws Broken {
    var passing = new ArrayList<Call>();
    var instead = new ArrayList<String>();
    boolean isChanged = false;
    for (var call : choice.calls.values()) {
      var verdict = proposing.of(call.name, call.kind, call.arguments.toString());
      if (verdict.passes()) {
        passing.add(call);
        isChanged |= verdict.changed().isPresent();
        verdict.changed().ifPresent(call::says);
      } else {
        instead.add(verdict.instead());
      }
    }
    if (instead.isEmpty() && !isChanged) {
      for (var held : choice.waiting) {
        pass(held);
      }
      return;
    }
    texts.overAll(channels(ending));
    if (!instead.isEmpty()) {
      var words = String.join("\n", instead);
      texts.take(told(last, ending, delta -> delta.put("content", words), null));
    }
    for (int i = 0; i < passing.size(); i++) {
      int at = i;
      texts.take(told(last, ending, delta -> call(delta, passing.get(at), at), null));
    }
    var finish = passing.isEmpty() ? "stop" : ending.path("finish_reason").stringValue();
    texts.take(told(last, ending, _ -> {}, finish));
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
    return event(chunk);
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
    byte[] clean = texts.whole(bytes, answer);
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
    return changed ? bytes(answer) : clean;
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
    for (var member : TEXTS) {
      if (said.path(member).isString()) {
        seen.wrote(said.path(member).stringValue());
      }
    }
  }

  private static boolean isDone(byte[] data) {
    return data.length == 6 && new String(data, StandardCharsets.US_ASCII).equals("[DONE]");
  }
}
