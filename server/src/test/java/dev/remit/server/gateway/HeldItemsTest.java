package dev.remit.server.gateway;

import static dev.remit.server.gateway.HeldPayments.answer;
import static dev.remit.server.gateway.HeldPayments.approval;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Prompts and resources are held like tools, each bound to exactly what was asked.
@Tag("R172")
class HeldItemsTest {
  private static final String PROMPT = "{\"name\":\"summary\",\"arguments\":{\"of\":\"17\"}}";
  private static final String URI = "{\"uri\":\"file:///data/17\"}";
  private final GatewayWorld world =
      new GatewayWorld(GatewayWorld.patience(Duration.ofSeconds(5), Duration.ofMillis(300)));
  private final String token = world.token();

  @BeforeEach
  void everything_is_held() {
    world.policy.rule =
        question -> question.facts().approved() ? RuledDecisions.ALLOW : HeldPayments.HOLD;
    TestUpstream.Answering done =
        (exchange, message) ->
            TestUpstream.json(exchange, TestUpstream.result(message, TestUpstream.said("done")));
    world.upstream.on("prompts/get", done);
    world.upstream.on("resources/read", done);
    world.upstream.on("completion/complete", done);
  }

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void a_prompt_is_held_released_once_and_replayed() {
    var first = ask("prompts/get", PROMPT);
    var held = approval(world, first);
    answer(world, held.id(), "bea", true);

    var released = ask("prompts/get", PROMPT);
    var repeat = ask("prompts/get", PROMPT);

    assertThat(first.body()).contains("\"error\"", "40301", "not executed");
    assertThat(held.binding().wanted().method()).isEqualTo("prompts/get");
    assertThat(held.binding().wanted().item()).isEqualTo("summary");
    assertThat(held.shown()).contains("{\"of\":\"17\"}");
    assertThat(released.body()).contains("done");
    assertThat(repeat.body()).contains("done", Replay.MEMBER);
    assertThat(world.upstream.count("prompts/get")).isEqualTo(1);
  }

  @Test
  void an_approval_of_a_prompt_covers_no_other_arguments() {
    answer(world, approval(world, ask("prompts/get", PROMPT)).id(), "bea", true);

    var other = ask("prompts/get", PROMPT.replace("17", "18"));

    assertThat(GatewayWorld.reason(other)).isEqualTo("awaiting-approval");
    assertThat(world.upstream.count("prompts/get")).isZero();
  }

  @Test
  void a_resource_is_held_and_its_approval_covers_no_other() {
    answer(world, approval(world, ask("resources/read", URI)).id(), "bea", true);

    var other = ask("resources/read", URI.replace("17", "18"));
    var released = ask("resources/read", URI);

    assertThat(GatewayWorld.reason(other)).isEqualTo("awaiting-approval");
    assertThat(approval(world, other).binding().wanted().item()).isEqualTo("file:///data/18");
    assertThat(released.body()).contains("done");
    assertThat(world.upstream.count("resources/read")).isEqualTo(1);
  }

  @Test
  void an_approval_to_read_does_not_cover_following() {
    answer(world, approval(world, ask("resources/read", URI)).id(), "bea", true);

    var following = ask("resources/subscribe", URI);

    assertThat(GatewayWorld.reason(following)).isEqualTo("awaiting-approval");
    assertThat(world.upstream.count("resources/subscribe")).isZero();
  }

  @Test
  void a_completion_cannot_wait_and_says_so() {
    var got =
        ask(
            "completion/complete",
            "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"summary\"},"
                + "\"argument\":{\"name\":\"of\",\"value\":\"1\"}}");

    assertThat(GatewayWorld.reason(got)).isEqualTo("cannot-be-held");
    assertThat(world.approvals.list(false)).isEmpty();
    assertThat(world.upstream.count("completion/complete")).isZero();
  }

  private HttpResponse<String> ask(String method, String params) {
    return world.post(
        token,
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}");
  }
}
