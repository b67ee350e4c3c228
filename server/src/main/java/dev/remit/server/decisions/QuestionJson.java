package dev.remit.server.decisions;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// A question in the form in which it is kept, encrypted, beside the ledger entry of its decision,
/// so that the decision can be made again.
///
/// What is read gives the same request as what was written, in every world. Of the task's counters
/// only that of the tool in question and the number of the others are kept: no policy can see more,
/// and the size of a record does not grow with the number of tools a task has used.
///
/// Source: `docs/formats/question.md`.
public final class QuestionJson {
  /// The name under which it is stored.
  public static final String BODY = "question";

  private static final int VERSION = 2;

  /// Written before usage, delegation and the scope were facts; what it does not say, no policy of
  /// its time could see.
  private static final int FIRST_VERSION = 1;

  /// As deep and as long as whatever the gateway may be configured to accept.
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(2_000)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(1_024)
                          .build())
                  .build())
          .build();

  private QuestionJson() {}

  public static byte[] bytes(Question question) {
    var out = new ExactJson();
    var task = question.task();
    out.open('{').name("v").number(VERSION);
    out.name("identity").text(question.identity().value());
    out.name("task").text(task.id().value());
    out.name("intent").text(task.intent());
    out.name("callsMax").number(task.callsMax());
    out.name("expires").text(task.expiresAt().toString());
    texts(out, "delegators", task.delegators().stream().map(IdentityName::value).toList());
    usage(out, task.usage());
    out.name("action").text(question.action().word());
    switch (question.target()) {
      case Target.OfTool(var tool) ->
          out.name("tool")
              .text(tool.toString())
              .name("toolCalls")
              .number(task.usage().of(tool.toString()));
      case Target.OfResource(var resource, var item) ->
          out.name("resource").text(resource.value()).name("item").text(item);
      case Target.OfModel(var model, var resource, var item) ->
          out.name("model")
              .text(model.value())
              .name("resource")
              .text(resource.value())
              .name("item")
              .text(item);
    }
    out.name("approved").raw(Boolean.toString(question.facts().approved()));
    if (question.facts().supposesRisk()) {
      out.name("risk").number(question.facts().risk());
    }
    var secrets = question.facts().secrets();
    if (!secrets.isNone()) {
      texts(out, "secrets", secrets.kinds());
      out.name("secretsCount").number(secrets.count());
      out.name("canaries").number(secrets.canaries());
    }
    out.name("at").text(question.now().toString());
    switch (question.arguments()) {
      case Arguments.NotYet() -> out.name("notYet").raw("true");
      case Arguments.Given(var json) when json.isMissingNode() -> {}
      case Arguments.Given(var json) -> out.name("arguments").value(json);
    }
    return out.close('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void usage(ExactJson out, Usage usage) {
    out.name("calls").number(usage.calls());
    out.name("tools").number(usage.tools());
    out.name("items").number(usage.items());
    out.name("bytes").number(usage.bytes());
    texts(out, "touched", usage.touched());
    out.name("lastMinute").number(usage.lastMinute());
    out.name("identityLastMinute").number(usage.identityLastMinute());
    var spent = usage.spent();
    if (!spent.equals(Usage.Spent.NOTHING)) {
      out.name("asks").number(spent.asks());
      out.name("tokens").number(spent.tokens());
      out.name("costMicros").number(spent.costMicros());
      out.name("identityAsksLastMinute").number(spent.identityLastMinute());
    }
  }

  private static void texts(ExactJson out, String name, Collection<String> texts) {
    out.name(name).open('[');
    texts.forEach(out::text);
    out.close(']');
  }

  /// Reads what [#bytes] wrote.
  ///
  /// @throws IllegalArgumentException if it is of another version, or nothing of the kind
  public static Question read(byte[] bytes) {
    JsonNode json;
    try {
      json = JSON.readTree(bytes);
    } catch (tools.jackson.core.JacksonException e) {
      throw new IllegalArgumentException("a recorded question is not JSON", e);
    }
    int version = json.path("v").asInt(0);
    if (version != VERSION && version != FIRST_VERSION) {
      throw new IllegalArgumentException("a recorded question has version " + json.path("v"));
    }
    return new Question(
        new IdentityName(text(json, "identity")),
        task(json),
        Word.parse(Action.class, text(json, "action")),
        target(json),
        arguments(json),
        new CallFacts(
            json.path("approved").asBoolean(),
            json.path("risk").asLong(CallFacts.COMPOSED),
            secrets(json)),
        Instant.parse(text(json, "at")));
  }

  private static TaskFacts task(JsonNode json) {
    var delegators = new ArrayList<IdentityName>();
    json.path("delegators").forEach(name -> delegators.add(new IdentityName(name.asString(""))));
    boolean first = json.path("v").asInt() == FIRST_VERSION;
    return new TaskFacts(
        new TaskId(text(json, "task")),
        text(json, "intent"),
        json.path("callsMax").asLong(0),
        Instant.parse(text(json, first ? "at" : "expires")),
        delegators,
        usage(json));
  }

  private static Usage usage(JsonNode json) {
    var touched = new HashSet<String>();
    json.path("touched").forEach(name -> touched.add(name.asString("")));
    return new Usage(
        json.path("calls").asLong(0),
        json.path("tools").asLong(0),
        json.path("toolCalls").asLong(0) == 0
            ? Map.of()
            : Map.of(text(json, "tool"), json.path("toolCalls").asLong(0)),
        json.path("items").asLong(0),
        json.path("bytes").asLong(0),
        touched,
        json.path("lastMinute").asLong(0),
        json.path("identityLastMinute").asLong(0),
        new Usage.Spent(
            json.path("asks").asLong(0),
            json.path("tokens").asLong(0),
            json.path("costMicros").asLong(0),
            json.path("identityAsksLastMinute").asLong(0)));
  }

  private static SecretFacts secrets(JsonNode json) {
    long count = json.path("secretsCount").asLong(0);
    if (count == 0) {
      return SecretFacts.NONE;
    }
    var kinds = new ArrayList<String>();
    json.path("secrets").forEach(kind -> kinds.add(kind.asString("")));
    return new SecretFacts(kinds, count, json.path("canaries").asLong(0));
  }

  private static Target target(JsonNode json) {
    if (json.has("model")) {
      return new Target.OfModel(
          new ModelName(text(json, "model")),
          new ResourceName(text(json, "resource")),
          text(json, "item"));
    }
    return json.has("tool")
        ? new Target.OfTool(ToolName.parse(text(json, "tool")))
        : new Target.OfResource(new ResourceName(text(json, "resource")), text(json, "item"));
  }

  private static Arguments arguments(JsonNode json) {
    if (json.path("notYet").asBoolean(false)) {
      return new Arguments.NotYet();
    }
    var given = json.get("arguments");
    return new Arguments.Given(given == null ? MissingNode.getInstance() : given);
  }

  private static String text(JsonNode json, String name) {
    var value = json.path(name);
    if (!value.isString()) {
      throw new IllegalArgumentException("a recorded question has no `" + name + "`");
    }
    return value.stringValue();
  }
}
