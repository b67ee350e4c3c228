package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One question, from the agent's client to its model and back.
@Tag("R111")
class GovernedQuestionTest {
  private final ModelsWorld world = new ModelsWorld();

  @AfterEach
  void everything_is_on_record() {
    world.close();
  }

  @Test
  void a_question_is_decided_recorded_and_asked_with_the_real_key() {
    var answer = world.chat(world.token(), "");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("Hello.");
    var sent = world.provider.seen.getFirst();
    assertThat(sent.headers()).containsEntry("authorization", "sk-the-real-key");
    var decided = world.entries("call.decided").getFirst();
    assertThat(decided.path("action").asString()).isEqualTo("ask");
    assertThat(decided.path("target").asString()).isEqualTo("clerk");
    assertThat(sent.headers()).containsEntry("remit-decision", decided.path("id").asString());
    var ended = world.outcome();
    assertThat(ended.path("tokensIn").asLong()).isEqualTo(12);
    assertThat(ended.path("tokensOut").asLong()).isEqualTo(3);
    // 8 fresh and 4 cached tokens read, 3 written.
    assertThat(ended.path("costMicros").asLong()).isEqualTo(8 * 2 + 4 + 3 * 10);
    assertThat(ended.path("model").asString()).isEqualTo("clerk-1");
    assertThat(ended.path("systemFingerprint").asString()).isEqualTo("fp_1");
    assertThat(world.answers.getFirst().tokens().counted()).isEqualTo(ModelAnswer.Counted.REPORTED);
  }

  @Test
  void text_streams_through_byte_for_byte_and_usage_is_told_to_whoever_asked() {
    var token = world.token();

    var plain = world.chat(token, ",\"stream\":true");
    var asking = world.chat(token, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");

    var events = ScriptedModel.chat("Hello.");
    assertThat(asking.body()).isEqualTo(String.join("", events));
    assertThat(plain.body()).isEqualTo(events[0] + events[1] + events[3]);
    assertThat(
            world.provider.seen.getFirst().json().at("/stream_options/include_usage").asBoolean())
        .isTrue();
    assertThat(world.outcome().path("tokensOut").asLong()).isEqualTo(3);
  }

  @Test
  void the_clients_of_both_providers_are_known_by_their_own_header() {
    var answer =
        world.send(
            java.net.http.HttpRequest.newBuilder(world.url.resolve("/llm/llm/v1/messages"))
                .header("x-api-key", world.token())
                .header("anthropic-version", "2023-06-01")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"clerk-1\",\"max_tokens\":20,\"messages\":[]}")));
    var nobody =
        world.send(
            java.net.http.HttpRequest.newBuilder(world.url.resolve("/llm/llm/v1/messages"))
                .POST(BodyPublishers.ofString("{}")));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(ModelsWorld.JSON.readTree(nobody.body()).at("/error/type").asString())
        .isEqualTo("authentication_error");
  }

  @Test
  void every_endpoint_is_carried_and_any_other_is_refused() {
    var token = world.token();

    assertThat(world.ask(token, "/v1/embeddings", "{\"model\":\"clerk-1\",\"input\":\"x\"}").body())
        .contains("embedding");
    assertThat(
            world
                .ask(token, "/v1/messages/count_tokens", "{\"model\":\"clerk-1\",\"messages\":[]}")
                .body())
        .contains("7");
    var list = world.send(world.to("/v1/models", token).GET());
    assertThat(ModelsWorld.JSON.readTree(list.body()).at("/data/0/id").asString())
        .isEqualTo("clerk-1");
    var other = world.ask(token, "/v1/batches", "{}");
    assertThat(other.statusCode()).isEqualTo(404);
    assertThat(ModelsWorld.reason(other)).isEqualTo("unknown-path");
  }

  @Test
  @Tag("R114")
  void what_a_provider_would_do_or_keep_by_itself_takes_a_policy_of_its_own() {
    var token = world.token();
    var search = "{\"model\":\"clerk-1\",\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]}";
    var kept = "{\"model\":\"clerk-1\",\"input\":\"x\",\"store\":true}";

    assertThat(ModelsWorld.reason(world.ask(token, "/v1/responses", search)))
        .isEqualTo("hosted-tool");
    assertThat(ModelsWorld.reason(world.ask(token, "/v1/responses", kept)))
        .isEqualTo("retained-by-provider");
    assertThat(ModelsWorld.reason(world.chat(token, ",\"fallbacks\":[\"other\"]")))
        .isEqualTo("hosted-tool");
    assertThat(world.provider.seen).isEmpty();

    world.policy(
        "search",
        "permit (principal, action == Action::\"host\", resource) when { context.item =="
            + " \"web_search\" };");
    var allowed = world.ask(token, "/v1/responses", search);

    assertThat(allowed.statusCode()).as(allowed.body()).isEqualTo(200);
    assertThat(world.provider.seen.getFirst().json().path("store").asBoolean(true)).isFalse();
  }

  @Test
  void policy_sees_what_is_asked_and_refuses_in_the_clients_own_form() {
    world.policy(
        "no-tools",
        "forbid (principal, action == Action::\"ask\", resource) when {"
            + " context.arguments.undeclaredTools.contains(\"shell\") };");

    var answer =
        world.chat(
            world.token(),
            ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"shell\",\"parameters\":{}}}]");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(ModelsWorld.reason(answer)).isEqualTo("denied-by-policy");
    var error = ModelsWorld.JSON.readTree(answer.body()).path("error");
    assertThat(error.path("type").asString()).isEqualTo("permission_error");
    assertThat(error.at("/remit/policies/0").asString()).startsWith("no-tools");
    assertThat(world.provider.seen).isEmpty();
  }

  @Test
  void a_budget_bounds_what_is_written_and_then_ends_it() {
    world.declare(world.grant("callsPerTask: 100, tokensPerTask: 100"));
    var token = world.token();

    var first = world.chat(token, ",\"max_tokens\":5000");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(world.provider.seen.getFirst().json().path("max_tokens").asLong()).isLessThan(100);
    assertThat(world.entries("call.decided").getFirst().path("lowered").get(0).asString())
        .isEqualTo("max_tokens");
    var padding = "x".repeat(300);
    var second = world.chat(token, ",\"user\":\"" + padding + "\"");
    assertThat(second.statusCode()).isEqualTo(403);
    assertThat(ModelsWorld.reason(second)).isEqualTo("tokens-spent");
  }

  @Test
  void a_suspect_binding_may_be_asked_and_a_refused_one_not() {
    world.bindings = (_, _, _) -> new Bindings.Bound.Refused("chg_1", "changed", "it changed", "x");

    var refused = world.chat(world.token(), "");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(ModelsWorld.reason(refused)).isEqualTo("changed");
    assertThat(world.provider.seen).isEmpty();
  }

  @Test
  void a_withdrawn_model_is_asked_no_more_and_its_fallback_is_named() {
    var token = world.token();
    world.declare(
        """
        apiVersion: remit.dev/v1
        kind: Model
        metadata: {name: clerk-small}
        spec: {provider: example, model: clerk-small-1, lifecycle: ga, resource: llm}
        ---
        apiVersion: remit.dev/v1
        kind: Model
        metadata: {name: clerk}
        spec:
          provider: example
          model: clerk-1
          lifecycle: deprecated
          resource: llm
          withdrawsAt: 2026-01-01T00:00:00Z
          fallback: clerk-small
        """);

    var refused = world.chat(token, "");
    var list = world.send(world.to("/v1/models", token).GET());

    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(ModelsWorld.reason(refused)).isEqualTo("model-withdrawn");
    assertThat(refused.body()).contains("its fallback `clerk-small`");
    assertThat(world.entries("call.refused").getFirst().path("reason").asString())
        .isEqualTo("model-withdrawn");
    assertThat(list.body()).contains("clerk-small-1").doesNotContain("\"clerk-1\"");
    assertThat(world.provider.seen).isEmpty();
  }

  @Test
  void an_unknown_model_and_broken_json_are_told_what_to_do() {
    var token = world.token();

    var unknown = world.ask(token, ModelsWorld.CHAT, "{\"model\":\"other\",\"messages\":[]}");
    var twice = world.ask(token, ModelsWorld.CHAT, "{\"model\":\"clerk-1\",\"model\":\"x\"}");

    assertThat(ModelsWorld.reason(unknown)).isEqualTo("unknown-model");
    assertThat(twice.statusCode()).isEqualTo(400);
    assertThat(ModelsWorld.reason(twice)).isEqualTo("not-a-question");
  }
}
