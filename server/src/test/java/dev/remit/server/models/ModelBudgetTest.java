package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a task may spend on asking, and how often an identity may ask.
@Tag("R111")
class ModelBudgetTest {
  private static final int AT_ONCE = 24;

  private final ModelsWorld world = new ModelsWorld();

  @AfterEach
  void everything_is_on_record() {
    world.close();
  }

  @Test
  void questions_at_once_never_spend_more_together_than_there_is() throws Exception {
    world.declare(world.grant("callsPerTask: 100, tokensPerTask: 600"));
    var all = new CountDownLatch(1);
    // Each takes nearly all that is set aside for it: 27 tokens read and 60 written.
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) -> {
          all.await();
          ScriptedModel.json(
              exchange,
              200,
              "{\"model\":\"clerk-1\",\"choices\":[{\"message\":{\"content\":\"Hi\"}}],\"usage\":"
                  + "{\"prompt_tokens\":25,\"completion_tokens\":60}}");
        });
    var token = world.token();

    var answers =
        atOnce(
            () -> world.chat(token, ",\"max_tokens\":60"),
            () -> world.entries("call.refused"),
            all);

    var statuses = answers.stream().map(HttpResponse::statusCode).toList();
    assertThat(statuses).containsOnly(200, 403);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() == 403)
        .allSatisfy(answer -> assertThat(ModelsWorld.reason(answer)).isEqualTo("tokens-spent"));
    assertThat(spent("tokens")).isBetween(85L, 600L);
    assertThat(
            world.entries("call.decided").stream()
                .mapToLong(entry -> entry.path("tokens").asLong())
                .sum())
        .as("set aside while all were under way")
        .isLessThanOrEqualTo(600);
  }

  /// Lets the provider answer once every question was either sent or refused.
  private List<HttpResponse<String>> atOnce(
      Callable<HttpResponse<String>> asks, Callable<List<JsonNode>> refused, CountDownLatch all)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asking = new ArrayList<java.util.concurrent.Future<HttpResponse<String>>>();
      for (int i = 0; i < AT_ONCE; i++) {
        asking.add(threads.submit(asks));
      }
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (world.provider.seen.size() + refused.call().size() < AT_ONCE
          && System.nanoTime() < deadline) {
        Thread.sleep(10);
      }
      all.countDown();
      var answers = new ArrayList<HttpResponse<String>>();
      for (var one : asking) {
        answers.add(one.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a question failed", e.getCause());
    }
  }

  private long spent(String what) {
    return world.entries("call.ended").stream().mapToLong(entry -> entry.path(what).asLong()).sum();
  }

  @Test
  void money_ends_before_tokens_do_where_less_was_granted() {
    // A question costs at most 40 tokens read at 2 and 20 written at 10 millionths: 280.
    world.declare(world.grant("callsPerTask: 100, costPerTask: \"0.000400\""));
    var token = world.token();

    var first = world.chat(token, ",\"max_tokens\":20");
    while (spent("costMicros") < 300) {
      assertThat(world.chat(token, ",\"max_tokens\":20").statusCode()).isEqualTo(200);
    }
    var last = world.chat(token, ",\"max_tokens\":20,\"user\":\"" + "x".repeat(200) + "\"");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(last.statusCode()).isEqualTo(403);
    assertThat(ModelsWorld.reason(last)).isEqualTo("cost-spent");
    assertThat(spent("costMicros")).isLessThanOrEqualTo(400);
    assertThat(world.chat(world.token(), ",\"max_tokens\":20").statusCode())
        .as("another task has a budget of its own")
        .isEqualTo(200);
  }

  @Test
  void an_identity_that_asks_too_often_is_told_when_to_come_back() {
    world.declare(world.grant("callsPerTask: 100, asksPerMinute: 3"));
    for (int i = 0; i < 3; i++) {
      assertThat(world.chat(world.token(), "").statusCode()).isEqualTo(200);
    }

    var fourth = world.chat(world.token(), "");

    assertThat(fourth.statusCode()).isEqualTo(429);
    assertThat(ModelsWorld.reason(fourth)).isEqualTo("rate-spent");
    assertThat(fourth.headers().firstValue("retry-after")).isPresent();
    assertThat(fourth.headers().firstValue("x-should-retry")).contains("true");
    assertThat(world.provider.seen).hasSize(3);
  }

  @Test
  void a_restart_gives_nobody_anything_back() {
    world.declare(world.grant("callsPerTask: 100, tokensPerTask: 55, asksPerMinute: 3"));
    var token = world.token();
    assertThat(world.chat(token, ",\"max_tokens\":4").statusCode()).isEqualTo(200);
    assertThat(world.chat(token, ",\"max_tokens\":4").statusCode()).isEqualTo(200);

    world.restart();
    var spent = world.chat(token, ",\"max_tokens\":4");
    var other = world.chat(world.token(), ",\"max_tokens\":4");
    var often = world.chat(world.token(), ",\"max_tokens\":4");

    assertThat(ModelsWorld.reason(spent)).isEqualTo("tokens-spent");
    assertThat(other.statusCode()).as(other.body()).isEqualTo(200);
    assertThat(ModelsWorld.reason(often)).isEqualTo("rate-spent");
  }
}
