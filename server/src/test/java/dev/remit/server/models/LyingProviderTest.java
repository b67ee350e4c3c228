package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Providers that fail, break off or tell what cannot be: what the agent is told, what is on record
/// and what is counted.
class LyingProviderTest {
  private static final String MESSAGES = "/v1/messages";
  private static final String ASKS =
      "{\"model\":\"clerk-1\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private final ModelsWorld world = new ModelsWorld(ModelsWorld.patience(Duration.ofSeconds(1)));
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void everything_is_on_record() {
    release.countDown();
    world.close();
  }

  @Test
  void an_error_passes_in_the_dialect_it_came_in_and_is_recorded() {
    var token = world.token();
    for (int status : new int[] {400, 429, 500, 503, 529}) {
      isPassed(token, status);
    }
  }

  private void isPassed(String token, int status) {
    var error = "{\"type\":\"error\",\"error\":{\"type\":\"some_error\",\"message\":\"not now\"}}";
    world.provider.at(
        MESSAGES,
        (exchange, asked) -> {
          exchange.getResponseHeaders().add("Retry-After", "7");
          exchange.getResponseHeaders().add("anthropic-ratelimit-tokens-remaining", "0");
          ScriptedModel.json(exchange, status, error);
        });

    var answer = world.ask(token, MESSAGES, ASKS);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(error);
    assertThat(answer.headers().firstValue("retry-after")).contains("7");
    assertThat(answer.headers().firstValue("anthropic-ratelimit-tokens-remaining")).contains("0");
    var ended = world.outcome(answer);
    assertThat(ended.path("outcome").asString()).isEqualTo("failed");
    assertThat(ended.path("status").asInt()).isEqualTo(status);
    assertThat(ended.path("tokens").asLong()).isZero();
  }

  @Test
  void an_error_page_of_whatever_stands_before_it_becomes_an_error_that_clients_understand() {
    world.provider.at(
        MESSAGES,
        (exchange, asked) -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.getResponseHeaders().add("Retry-After", "7");
          byte[] page = "<html>Bad gateway</html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(503, page.length);
          exchange.getResponseBody().write(page);
        });

    var answer = world.ask(world.token(), MESSAGES, ASKS);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.headers().firstValue("retry-after")).contains("7");
    var error = ModelsWorld.JSON.readTree(answer.body());
    assertThat(error.path("type").asString()).isEqualTo("error");
    assertThat(error.at("/error/type").asString()).isEqualTo("overloaded_error");
    assertThat(ModelsWorld.reason(answer)).isEqualTo("provider-failed");
    assertThat(world.outcome().path("status").asInt()).isEqualTo(503);
  }

  @Test
  void a_provider_that_falls_silent_in_a_stream_is_given_up_in_an_error_that_clients_raise() {
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) -> {
          ScriptedModel.stream(exchange, ScriptedModel.chunk("{\"content\":\"He\"}", "null"));
          boolean _ = release.await(20, TimeUnit.SECONDS);
        });

    var answer = world.chat(world.token(), ",\"stream\":true");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"content\":\"He\"", "provider-silent")
        .doesNotContain("[DONE]");
    assertThat(world.outcome().path("outcome").asString()).isEqualTo("timeout");
    assertThat(world.outcome().path("counted").asString()).isEqualTo("untold");
  }

  @Test
  void a_connection_that_breaks_in_an_answer_is_no_end_of_it() {
    var token = world.token();
    isNoEnd(token, true);
    isNoEnd(token, false);
  }

  private void isNoEnd(String token, boolean streams) {
    var event = ScriptedModel.chunk("{\"content\":\"He\"}", "null");
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) -> {
          exchange
              .getResponseHeaders()
              .add("Content-Type", streams ? "text/event-stream" : "application/json");
          exchange.sendResponseHeaders(200, 10_000);
          exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
          throw new IOException("the cable was cut");
        });

    var answer = world.chat(token, streams ? ",\"stream\":true" : "");

    assertThat(answer.body()).contains("broken-answer").doesNotContain("[DONE]");
    assertThat(world.outcome(answer).path("outcome").asString()).isEqualTo("unknown");
    assertThat(world.outcome(answer).path("tokensIn").asLong()).isPositive();
  }

  /// What a provider may say it has counted of a question of some 70 bytes and an answer of 75
  /// characters, and whose count that makes it.
  private static final Map<String, String> COUNTS =
      Map.ofEntries(
          // Says nothing, or nothing that is a number of tokens.
          Map.entry("null", "untold"),
          Map.entry("{}", "untold"),
          Map.entry("{\"total_tokens\":15}", "untold"),
          Map.entry(counts("-12", "3"), "untold"),
          Map.entry(counts("12", "-3"), "untold"),
          Map.entry(counts("\"12\"", "\"3\""), "untold"),
          Map.entry(counts("12.5", "1e3"), "untold"),
          // Says what cannot be.
          Map.entry(counts("9223372036854775807", "3"), "implausible"),
          Map.entry(counts("12", "9223372036854775807"), "implausible"),
          Map.entry(counts("99999999999999999999999", "3"), "implausible"),
          Map.entry(counts("0", "0"), "implausible"),
          Map.entry(counts("12", "1"), "implausible"),
          // Contradicts itself: a sum that is none, more from memory than was read.
          Map.entry(counts("12", "3,\"total_tokens\":1"), "reported"),
          Map.entry(
              counts("12", "3,\"prompt_tokens_details\":{\"cached_tokens\":5000}"), "reported"));

  private static String counts(String input, String output) {
    return "{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + "}";
  }

  @Test
  void what_a_provider_counts_is_believed_as_far_as_it_can_be() {
    var token = world.token();
    COUNTS.forEach((usage, counted) -> {
      world.provider.at(
          ModelsWorld.CHAT,
          (exchange, asked) ->
              ScriptedModel.json(
                  exchange,
                  200,
                  "{\"id\":\"c\",\"model\":\"clerk-1\",\"choices\":[{\"index\":0,\"message\":{"
                      + "\"content\":\""
                      + "word ".repeat(15)
                      + "\"},\"finish_reason\":\"stop\"}],\"usage\":"
                      + usage
                      + "}"));

      var answer = world.chat(token, "");

      assertThat(answer.statusCode()).isEqualTo(200);
      var ended = world.outcome(answer);
      assertThat(ended.path("counted").asString()).as(usage).isEqualTo(counted);
      long input = ended.path("tokensIn").asLong();
      long output = ended.path("tokensOut").asLong();
      assertThat(input).as(usage).isBetween(12L, 1_000L);
      assertThat(output).as(usage).isBetween(3L, 1_000L);
      assertThat(ended.path("tokensCached").asLong()).as(usage).isBetween(0L, input);
      assertThat(ended.path("costMicros").asLong())
          .as(usage)
          .isBetween(1L, 2 * input + 10 * output);
    });
  }

  @Test
  void of_two_counts_in_one_stream_the_higher_is_taken() {
    var usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}\n\n";
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) ->
            ScriptedModel.stream(
                exchange,
                ScriptedModel.chunk("{\"content\":\"Hello\"}", "\"stop\""),
                usage.formatted(40, 30),
                usage.formatted(1, 1),
                "data: [DONE]\n\n"));

    var _ = world.chat(world.token(), ",\"stream\":true");

    assertThat(world.outcome().path("tokens").asLong()).isEqualTo(70);
  }

  @Test
  void a_lie_of_many_tokens_gives_no_budget_back() {
    world.declare(world.grant("callsPerTask: 100, tokensPerTask: 2000"));
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) ->
            ScriptedModel.json(
                exchange,
                200,
                "{\"model\":\"clerk-1\",\"choices\":[{\"message\":{\"content\":\"Hi\"}}],\"usage\":"
                    + "{\"prompt_tokens\":9223372036854775807,"
                    + "\"completion_tokens\":9223372036854775807}}"));
    var token = world.token();
    int answered = 0;

    while (answered < 100 && world.chat(token, ",\"max_tokens\":50").statusCode() == 200) {
      answered++;
    }

    assertThat(answered).isBetween(1, 99);
    assertThat(ModelsWorld.reason(world.chat(token, ",\"max_tokens\":50")))
        .isEqualTo("tokens-spent");
  }

  @Test
  void broken_arguments_are_no_call_in_any_dialect() {
    var token = world.token();
    var broken = List.of("{\"path\":", "[1]", "{\"path\":\"a\",\"path\":\"b\"}", "{}{}", "NaN");

    broken.forEach(arguments -> isNoCall(token, arguments));

    assertThat(world.entries("model.proposed"))
        .hasSize(2 * broken.size())
        .allSatisfy(
            entry -> assertThat(entry.path("reason").asString()).isEqualTo("broken-arguments"));
  }

  private void isNoCall(String token, String arguments) {
    var quoted = ModelsWorld.JSON.writeValueAsString(arguments);
    world.provider.at(
        "/v1/responses",
        (exchange, asked) ->
            ScriptedModel.json(
                exchange,
                200,
                "{\"id\":\"r\",\"status\":\"completed\",\"output\":[{\"id\":\"f\",\"type\":"
                    + "\"function_call\",\"call_id\":\"c\",\"name\":\"read_file\",\"arguments\":"
                    + quoted
                    + "}],\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}"));
    world.provider.at(
        MESSAGES,
        (exchange, asked) ->
            ScriptedModel.stream(
                exchange,
                sse(
                    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
                        + "\"tool_use\",\"id\":\"t\",\"name\":\"read_file\",\"input\":{}}}"),
                sse(
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
                        + "\"input_json_delta\",\"partial_json\":"
                        + quoted
                        + "}}"),
                sse("{\"type\":\"content_block_stop\",\"index\":0}"),
                sse(
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},"
                        + "\"usage\":{\"output_tokens\":7}}"),
                sse("{\"type\":\"message_stop\"}")));

    var response = world.ask(token, "/v1/responses", "{\"model\":\"clerk-1\",\"input\":\"x\"}");
    var message = world.ask(token, MESSAGES, ASKS.replace("}]}", "}],\"stream\":true}"));

    assertThat(response.body()).contains("Remit refused the call").doesNotContain("function_call");
    assertThat(message.body()).contains("Remit refused the call").doesNotContain("tool_use");
  }

  private static String sse(String data) {
    var type = ModelsWorld.JSON.readTree(data).path("type").asString();
    return "event: " + type + "\ndata: " + data + "\n\n";
  }
}
