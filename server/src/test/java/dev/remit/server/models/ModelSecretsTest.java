package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Word;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Secrets and canaries in what models are asked, in what they answer and in the calls that they
/// propose.
@Tag("R98")
@Tag("R196")
class ModelSecretsTest {
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"read_file\"}}]";

  private final ModelsWorld world = new ModelsWorld();

  @AfterEach
  void everything_is_on_record() {
    world.close();
  }

  @Test
  void policy_refuses_a_question_that_carries_a_canary_before_anything_is_sent() {
    world.policy(
        "no-canaries",
        "forbid (principal, action == Action::\"ask\", resource)"
            + " when { context.secrets.canaries > 0 };");
    var planted = world.plant();

    var answer = asks("what is " + planted.value() + " good for?");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(ModelsWorld.reason(answer)).isEqualTo("denied-by-policy");
    assertThat(answer.body()).contains("no-canaries").doesNotContain(planted.value());
    assertThat(world.provider.seen).isEmpty();
    var decided = world.entries("call.decided").getLast();
    assertThat(decided.path("secrets").toString()).isEqualTo("[\"canary\"]");
    assertSeen(planted.canary().id().value(), "prompt clerk");
    assertThat(world.entries("finding.raised").getLast().path("kind").asString())
        .isEqualTo("canary-carried");
    assertThat(world.ledgerText()).doesNotContain(planted.value());
  }

  @Test
  void where_policy_redacts_the_provider_gets_the_question_without_its_secrets() {
    redacts();
    var planted = world.plant();
    world.provider.says("It was " + planted.value() + ", I think.");

    var answer = asks("what is " + planted.value() + " good for?");

    assertThat(world.provider.seen.getFirst().body())
        .contains("what is [redacted] good for?")
        .doesNotContain(planted.value());
    assertThat(answer.body()).contains("It was [redacted], I think.");
    assertThat(world.entries("call.decided").getLast().path("redacted").asInt()).isEqualTo(1);
    assertThat(world.outcome().path("redacted").asInt()).isEqualTo(1);
    assertThat(world.outcome().path("secrets").toString()).isEqualTo("[\"canary\"]");
    assertThat(world.ledgerText()).doesNotContain(planted.value());
  }

  @Test
  void a_secret_that_cannot_be_cut_out_of_the_question_is_a_denial() {
    redacts();
    var planted = world.plant();

    var answer = world.chat(world.token(), ",\"metadata\":{\"" + planted.value() + "\":\"x\"}");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(world.provider.seen).isEmpty();
    assertThat(world.ledgerText()).doesNotContain(planted.value());
  }

  @Test
  void a_name_that_an_agent_has_chosen_puts_no_secret_on_record() {
    var planted = world.plant();
    var token = world.token();

    var member = world.chat(token, ",\"" + planted.value() + "\":1");
    var model =
        world.ask(
            token, ModelsWorld.CHAT, "{\"model\":\"" + planted.value() + "\",\"messages\":[]}");

    assertThat(ModelsWorld.reason(member)).isEqualTo("hosted-tool");
    assertThat(ModelsWorld.reason(model)).isEqualTo("unknown-model");
    assertThat(world.ledgerText()).doesNotContain(planted.value());
  }

  @Test
  void a_streamed_secret_is_cut_out_however_it_is_split_and_all_else_is_as_it_was() {
    redacts();
    var planted = world.plant();
    var text = "The note says «" + planted.value() + "» and nothing else, 注文は完了です。";
    for (int length : new int[] {1, 3, 7, 40}) {
      streams(pieces(text, length));

      var said = said(world.chat(world.token(), ",\"stream\":true").body());

      assertThat(said).isEqualTo(text.replace(planted.value(), "[redacted]"));
    }
    var ended = world.outcome();
    assertThat(ended.path("secrets").toString()).isEqualTo("[\"canary\"]");
    assertThat(ended.path("redacted").asInt()).isEqualTo(1);
    assertThat(world.inspection.sightings().seen(planted.canary().id())).hasSize(4);
    assertSeen(planted.canary().id().value(), "answer clerk");
    assertThat(world.ledgerText()).doesNotContain(planted.value());
  }

  @Test
  void without_a_policy_a_streamed_canary_passes_byte_for_byte_and_is_noted_once() {
    var planted = world.plant();
    var events = pieces("Take " + planted.value() + " or " + planted.value() + ".", 5);
    streams(events);

    var answer = world.chat(world.token(), ",\"stream\":true");

    assertThat(answer.body()).isEqualTo(String.join("", events));
    assertThat(world.inspection.sightings().seen(planted.canary().id())).hasSize(1);
    assertThat(world.entries("finding.raised").getLast().path("kind").asString())
        .isEqualTo("canary-read");
  }

  @Test
  void what_remit_keeps_never_reaches_an_agent_whatever_policy_says() {
    streams(pieces("My key is sk-the-real-key, by the way.", 4));

    var answer = world.chat(world.token(), ",\"stream\":true");

    assertThat(said(answer.body())).isEqualTo("My key is [redacted], by the way.");
  }

  /// Words that are no secrets do not wait for what follows them.
  @Test
  void ordinary_words_pass_while_the_model_is_still_thinking() throws Exception {
    redacts();
    var heard = new CountDownLatch(1);
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) -> {
          ScriptedModel.stream(exchange, ScriptedModel.chunk("{\"content\":\"Hello\"}", "null"));
          heard.await();
          for (var event : pieces(" there", 9)) {
            exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
          }
        });

    try (var in =
        new BufferedReader(
            new InputStreamReader(
                world.streaming(world.token(), ",\"stream\":true"), StandardCharsets.UTF_8))) {
      assertThat(in.readLine()).contains("Hello");
      heard.countDown();
      assertThat(in.lines().toList().getLast()).isEmpty();
    }
  }

  @Test
  void policy_refuses_a_proposed_call_that_carries_a_canary() {
    world.policy(
        "no-canaries",
        "forbid (principal, action in Action::\"call\", resource)"
            + " when { context.secrets.canaries > 0 };");
    var planted = world.plant();
    streams(ScriptedModel.proposes("read_file", "{\"path\":\"" + planted.value() + "\"}"));

    var answer = world.chat(world.token(), TOOLS + ",\"stream\":true");

    assertThat(answer.body()).doesNotContain("tool_calls\":[").contains("Remit refused the call");
    assertThat(answer.body()).doesNotContain(planted.value());
    var proposed = world.entries("model.proposed").getFirst();
    assertThat(proposed.path("verdict").asString()).isEqualTo("refused");
    assertThat(proposed.path("secrets").toString()).isEqualTo("[\"canary\"]");
    assertSeen(planted.canary().id().value(), "arguments files/read_file");
    assertThat(world.ledgerText()).doesNotContain(planted.value());
  }

  @Test
  void where_policy_redacts_a_proposed_call_passes_without_its_secrets_in_every_dialect() {
    redacts();
    var planted = world.plant();
    var arguments = "{\"path\":\"a " + planted.value() + "\"}";
    streams(ScriptedModel.proposes("read_file", arguments));
    Dialects.propose(world.provider, "read_file", arguments);
    var token = world.token();

    var chat = world.chat(token, TOOLS + ",\"stream\":true").body();
    var messages =
        world
            .ask(
                token,
                "/v1/messages",
                "{\"model\":\"clerk-1\",\"max_tokens\":9,\"messages\":[],\"stream\":true}")
            .body();
    var responses =
        world
            .ask(token, "/v1/responses", "{\"model\":\"clerk-1\",\"input\":\"x\",\"stream\":true}")
            .body();

    for (var body : List.of(chat, messages, responses)) {
      assertThat(body)
          .contains("read_file")
          .contains("{\\\"path\\\":\\\"a [redacted]\\\"}")
          .doesNotContain(planted.value());
    }
    assertThat(responses).contains("response.function_call_arguments.done");
    var proposed = world.entries("model.proposed");
    assertThat(proposed).hasSize(3);
    assertThat(proposed)
        .allSatisfy(one -> {
          assertThat(one.path("verdict").asString()).isEqualTo("passed");
          assertThat(one.path("secrets").toString()).isEqualTo("[\"canary\"]");
          assertThat(one.path("arguments")).isEqualTo(proposed.getFirst().path("arguments"));
        });
    assertThat(world.ledgerText()).doesNotContain(planted.value());
  }

  @Test
  void a_text_that_is_told_again_at_the_end_is_cut_there_too() {
    redacts();
    var planted = world.plant();
    Dialects.say(world.provider, "It is " + planted.value() + ", they say.", 6);
    var token = world.token();

    var messages =
        world
            .ask(
                token,
                "/v1/messages",
                "{\"model\":\"clerk-1\",\"max_tokens\":9,\"messages\":[],\"stream\":true}")
            .body();
    var responses =
        world
            .ask(token, "/v1/responses", "{\"model\":\"clerk-1\",\"input\":\"x\",\"stream\":true}")
            .body();

    for (var body : List.of(messages, responses)) {
      assertThat(body).contains("[redacted]").doesNotContain(planted.value());
      assertThat(Dialects.told(body)).isEqualTo("It is [redacted], they say.");
    }
    assertThat(responses).contains("\"text\":\"It is [redacted], they say.\"");
  }

  private java.net.http.HttpResponse<String> asks(String words) {
    return world.ask(
        world.token(),
        ModelsWorld.CHAT,
        "{\"model\":\"clerk-1\",\"messages\":[{\"role\":\"user\",\"content\":"
            + ModelsWorld.JSON.writeValueAsString(words)
            + "}]}");
  }

  private void redacts() {
    world.policy(
        "basic", "@redact(\"secrets\") permit (principal, action == Action::\"ask\", resource);");
    world.policy("reads", "permit (principal, action == Action::\"files/read_file\", resource);");
  }

  private void assertSeen(String canary, String where) {
    var seen =
        world.inspection.sightings().seen(new dev.remit.kernel.identity.CanaryId(canary)).getLast();
    assertThat(((Word) seen.in().flow()).word() + " " + seen.in().target()).isEqualTo(where);
  }

  private void streams(String... events) {
    world.provider.at(
        ModelsWorld.CHAT, (exchange, asked) -> ScriptedModel.stream(exchange, events));
  }

  /// A streamed chat that says `text` in pieces of `length` characters.
  private static String[] pieces(String text, int length) {
    var events = new ArrayList<String>();
    for (int at = 0; at < text.length(); at += length) {
      var piece = text.substring(at, Math.min(text.length(), at + length));
      events.add(
          ScriptedModel.chunk(
              "{\"content\":" + ModelsWorld.JSON.writeValueAsString(piece) + "}", "null"));
    }
    events.add(ScriptedModel.chunk("{}", "\"stop\""));
    events.add("data: [DONE]\n\n");
    return events.toArray(String[]::new);
  }

  private static String said(String stream) {
    var said = new StringBuilder();
    for (var line : stream.split("\n", -1)) {
      if (line.startsWith("data: {")) {
        JsonNode chunk = ModelsWorld.JSON.readTree(line.substring(6));
        said.append(chunk.at("/choices/0/delta/content").asString(""));
      }
    }
    return said.toString();
  }
}
