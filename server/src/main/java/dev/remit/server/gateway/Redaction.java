package dev.remit.server.gateway;

import dev.remit.kernel.policy.Obligation;
import dev.remit.server.decisions.ExactJson;
import dev.remit.server.gateway.wire.Ending;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What becomes of the answer to a call that policy permits only with fields redacted. Whatever of
/// it cannot be redacted reliably is withheld as a whole; nothing else of the exchange passes that
/// could carry a field unseen.
///
/// Used for one call.
final class Redaction implements Delivery.Passed {
  private final Redactor redactor;
  private final MessageReader reader;
  private byte @Nullable [] answer;

  Redaction(List<Obligation.Redact> redactions, MessageReader reader) {
    this.redactor = new Redactor(redactions, reader);
    this.reader = reader;
  }

  /// How many fields were replaced.
  @Override
  public OptionalInt count() {
    return OptionalInt.of(redactor.count());
  }

  @Override
  public byte @Nullable [] answer() {
    return answer;
  }

  @Override
  public boolean isStrict() {
    return true;
  }

  @Override
  public Passing passing(Message.Answer message, byte[] bytes) {
    if (!(message.ending() instanceof Ending.Result)) {
      return withheld("the server's error or question is free text");
    }
    try {
      var whole = reader.exactTree(new String(bytes, StandardCharsets.UTF_8));
      if (!(whole.path("result") instanceof ObjectNode result)) {
        return withheld("the result is no object");
      }
      for (var name : List.copyOf(result.propertyNames())) {
        result.set(name, member(name, result.get(name)));
      }
      byte[] redacted = ExactJson.bytes(clean(whole));
      answer = redacted;
      return new Passing.Replaced(redacted);
    } catch (Redactor.Doubt e) {
      return withheld(String.valueOf(e.getMessage()));
    }
  }

  /// Of the envelope nothing passes but what makes it an answer.
  private static ObjectNode clean(JsonNode message) {
    var clean = JsonMapper.shared().createObjectNode().put("jsonrpc", "2.0");
    clean.set("id", message.get("id"));
    clean.set("result", message.get("result"));
    return clean;
  }

  private JsonNode member(String name, JsonNode value) throws Redactor.Doubt {
    if ((name.equals("content") || name.equals("contents")) && value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        try {
          content(value.get(i));
        } catch (Redactor.Doubt e) {
          throw new Redactor.Doubt("`" + name + "` " + i + ": " + e.getMessage());
        }
      }
      return value;
    }
    // With its own name around it, which may be one to redact.
    var named = JsonMapper.shared().createObjectNode();
    named.set(name, value);
    return redactor.document(named).path(name);
  }

  /// A content block of a tool's result, or one of the contents of a resource: text that is JSON.
  private void content(JsonNode block) throws Redactor.Doubt {
    if (!(block instanceof ObjectNode content)) {
      throw new Redactor.Doubt("it is no object");
    }
    if (content.path("resource") instanceof ObjectNode embedded) {
      content(embedded);
      content.remove("resource");
      redactor.document(content);
      content.set("resource", embedded);
      return;
    }
    var text = content.path("text");
    if (!text.isString()) {
      throw new Redactor.Doubt("it is not text");
    }
    var redacted = redactor.text(text.stringValue());
    content.remove("text");
    redactor.document(content);
    content.put("text", redacted);
  }

  @Override
  public Passing telling(Message.Notice notice, byte[] bytes) {
    return progress(notice, bytes, reader);
  }

  /// Of what the server tells meanwhile, only how far it is passes.
  static Passing progress(Message.Notice notice, byte[] bytes, MessageReader reader) {
    if (!notice.method().equals(Method.PROGRESS.toString())) {
      return withheld("only progress passes");
    }
    var params = reader.exactTree(new String(bytes, StandardCharsets.UTF_8)).path("params");
    var told = JsonMapper.shared().createObjectNode().put("jsonrpc", "2.0");
    told.put("method", notice.method());
    var kept = told.putObject("params");
    if (notice.params().fields().has("progressToken")) {
      kept.set("progressToken", params.get("progressToken"));
    }
    for (var name : List.of("progress", "total")) {
      if (params.path(name).isNumber()) {
        kept.set(name, params.get(name));
      }
    }
    return new Passing.Replaced(ExactJson.bytes(told));
  }

  private static Passing withheld(String why) {
    return new Passing.Withheld(new Refusal.ResultWithheld(why));
  }
}
