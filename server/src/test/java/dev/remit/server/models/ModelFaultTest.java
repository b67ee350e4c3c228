package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.server.store.CommitFaults.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Providers, clients and storage that fail in each way.
class ModelFaultTest {
  private final ModelsWorld world = new ModelsWorld(ModelsWorld.patience(Duration.ofSeconds(1)));
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void everything_is_on_record() {
    release.countDown();
    world.close();
  }

  @Test
  void a_provider_that_hangs_is_given_up() {
    world.provider.at(ModelsWorld.CHAT, (_, _) -> release.await());

    var answer = world.chat(world.token(), "");

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(world.outcome().path("outcome").asString()).isEqualTo("timeout");
    // Nobody knows what it counts, so it is the most that it can be.
    assertThat(world.outcome().path("counted").asString()).isEqualTo("untold");
    assertThat(world.outcome().path("tokensIn").asLong()).isPositive();
  }

  @Test
  void garbage_and_a_cut_stream_end_in_an_error_that_clients_raise() {
    streams(ScriptedModel.chunk("{\"content\":\"He\"}", "null"), "data: {garbage\n\n");
    var token = world.token();

    var garbage = world.chat(token, ",\"stream\":true");
    streams(ScriptedModel.chunk("{\"content\":\"He\"}", "null"));
    var cut = world.chat(token, ",\"stream\":true");

    assertThat(garbage.body()).contains("broken-answer").doesNotContain("[DONE]");
    assertThat(cut.body()).contains("broken-answer").doesNotContain("[DONE]");
    assertThat(world.outcome().path("outcome").asString()).isEqualTo("unknown");
  }

  @Test
  void its_own_errors_pass_with_what_they_say_of_trying_again() {
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) -> {
          exchange.getResponseHeaders().add("Retry-After", "7");
          ScriptedModel.json(exchange, 429, "{\"error\":{\"message\":\"slow down\"}}");
        });

    var answer = world.chat(world.token(), "");

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("retry-after")).contains("7");
    assertThat(answer.body()).contains("slow down");
    assertThat(world.outcome().path("tokens").asLong()).isZero();
  }

  @Test
  void a_provider_that_refuses_our_key_does_not_look_like_a_refused_token() {
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) -> ScriptedModel.json(exchange, 401, "{\"error\":\"sk-the-real-key\"}"));

    var answer = world.chat(world.token(), "");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).doesNotContain("sk-the-real-key");
  }

  @Test
  void a_lie_about_tokens_is_counted_by_what_was_written() {
    world.provider.says("word ".repeat(1_000));

    assertThat(world.chat(world.token(), "").statusCode()).isEqualTo(200);

    assertThat(world.outcome().path("counted").asString()).isEqualTo("implausible");
    assertThat(world.outcome().path("tokensOut").asLong()).isGreaterThanOrEqualTo(1_000);
  }

  @Test
  void a_prompt_of_many_megabytes_is_refused_before_it_is_read_whole() {
    var answer = world.chat(world.token(), ",\"user\":\"" + "x".repeat(3 * 1024 * 1024) + "\"");

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(world.provider.seen).isEmpty();
  }

  @Test
  void a_call_that_never_ends_is_not_held_for_ever() {
    streams(ScriptedModel.proposes("read_file", "{\"path\":\"" + "a".repeat(20_000) + "\"}"));

    var answer = world.chat(world.token(), ",\"stream\":true");

    assertThat(answer.body()).contains("broken-answer").doesNotContain("aaaa");
  }

  @Test
  void nothing_is_asked_while_nothing_can_be_recorded() {
    var token = world.token();
    world.ledgerAway = true;

    var answer = world.chat(token, "");
    world.ledgerAway = false;

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(ModelsWorld.reason(answer)).isEqualTo("not-recorded");
    assertThat(world.provider.seen).isEmpty();
    assertThat(world.entries("call.decided")).isEmpty();
  }

  /// The ledger looks what became of it, and tries once more: what was asked is on record once.
  @ParameterizedTest
  @EnumSource(Fault.class)
  void one_commit_that_fails_is_made_good_before_anything_is_asked(Fault fault) {
    var token = world.token();
    world.faults.fail(fault, ModelsWorld.DECIDED);

    var answer = world.chat(token, "");

    assertThat(world.faults.hasFailed()).isTrue();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(world.entries("call.decided")).hasSize(1);
    assertThat(world.provider.seen).hasSize(1);
  }

  @Test
  void a_suspension_cuts_a_stream_inside_a_second() throws IOException {
    hangsAfterFirst();
    try (InputStream body = world.streaming(world.token(), ",\"stream\":true")) {
      first(body);
      long start = System.nanoTime();

      world.suspend();
      var rest = new String(body.readAllBytes(), StandardCharsets.UTF_8);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(rest).contains("stopped").doesNotContain("[DONE]");
    }
    assertThat(world.outcome().path("outcome").asString()).isEqualTo("cut");
  }

  @Test
  void a_client_that_hangs_up_ends_the_question_and_its_tokens_count() throws IOException {
    hangsAfterFirst();
    var body = world.streaming(world.token(), ",\"stream\":true");
    first(body);

    body.close();

    await().atMost(Duration.ofSeconds(5)).until(() -> !world.entries("call.ended").isEmpty());
    assertThat(world.outcome().path("outcome").asString()).isEqualTo("cancelled");
    assertThat(world.outcome().path("tokensIn").asLong()).isPositive();
  }

  @Test
  void a_question_that_takes_a_person_is_told_to_come_back() {
    world.policy(
        "hold",
        "@hold(\"approver\") forbid (principal, action == Action::\"ask\", resource) unless {"
            + " context.approved };");

    var answer = world.chat(world.token(), "");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
    assertThat(ModelsWorld.reason(answer)).isEqualTo("awaiting-approval");
    assertThat(answer.headers().firstValue("x-should-retry")).contains("true");
    assertThat(world.provider.seen).isEmpty();
  }

  private void hangsAfterFirst() {
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) -> {
          ScriptedModel.stream(exchange, ScriptedModel.chunk("{\"content\":\"He\"}", "null"));
          boolean _ = release.await(20, TimeUnit.SECONDS);
        });
  }

  private static void first(InputStream body) throws IOException {
    assertThat(body.read()).isEqualTo('d');
  }

  private void streams(String... events) {
    world.provider.at(
        ModelsWorld.CHAT, (exchange, asked) -> ScriptedModel.stream(exchange, events));
  }
}
