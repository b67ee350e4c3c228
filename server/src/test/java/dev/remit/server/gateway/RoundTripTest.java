package dev.remit.server.gateway;

import static dev.remit.server.gateway.HeldPayments.answer;
import static dev.remit.server.gateway.HeldPayments.approval;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.server.approvals.ApprovalsConfig;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A modern client that can come back is sent round with a sealed state, and what it carries back
/// is believed only as far as the seal goes.
@Tag("R172")
class RoundTripTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SEVENTEEN = "{\"invoice\":\"17\"}";
  private final GatewayWorld world =
      new GatewayWorld(
          GatewayWorld.patience(Duration.ofSeconds(5), Duration.ofMillis(600)),
          ApprovalsConfig.DEFAULT);
  private final String token = world.token();

  @BeforeEach
  void paying_is_held() {
    world.policy.rule = HeldPayments.holding("pay");
  }

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void a_client_that_can_come_back_is_sent_round_with_a_state() {
    var got = JSON.readTree(pay(token, SEVENTEEN, "").body());

    assertThat(got.at("/result/resultType").stringValue()).isEqualTo("input_required");
    assertThat(got.at("/result").has("inputRequests")).isFalse();
    assertThat(got.at("/result/isError").isMissingNode()).isTrue();
    assertThat(got.at("/result/_meta").path(RefusalBody.MEMBER).path("reason").stringValue())
        .isEqualTo("awaiting-approval");
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void a_client_that_cannot_come_back_gets_a_result() {
    var got =
        JSON.readTree(
            world
                .send(
                    world
                        .modern(
                            token,
                            "tools/call",
                            "\"name\":\"pay\",\"arguments\":" + SEVENTEEN + ",")
                        .header("Mcp-Name", "pay"))
                .body());

    assertThat(got.at("/result/isError").booleanValue()).isTrue();
    assertThat(got.at("/result/resultType").stringValue()).isEqualTo("complete");
  }

  @Test
  void coming_back_waits_for_the_same_approval_and_is_released() throws Exception {
    var first = pay(token, SEVENTEEN, "");
    var held = approval(world, first);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting =
          CompletableFuture.supplyAsync(() -> pay(token, SEVENTEEN, state(first)), threads);
      await().pollDelay(Duration.ofMillis(150)).until(() -> true);
      answer(world, held.id(), "bea", true);

      assertThat(waiting.get().body()).contains("done");
    }
    assertThat(world.approvals.list(false)).hasSize(1);
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
    assertThat(world.upstream.seen.getLast().body())
        .doesNotContain("requestState")
        .contains("\"arguments\":" + SEVENTEEN);
  }

  @Test
  void a_state_presented_again_after_the_call_gets_its_outcome() {
    var first = pay(token, SEVENTEEN, "");
    answer(world, approval(world, first).id(), "bea", true);
    pay(token, SEVENTEEN, state(first));

    var again = pay(token, SEVENTEEN, state(first));

    assertThat(again.body()).contains("done", Replay.MEMBER);
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void a_client_that_has_come_back_often_enough_is_told_to_repeat_the_call() {
    var got = pay(token, SEVENTEEN, "");
    int rounds = 0;
    while (!state(got).isEmpty()) {
      got = pay(token, SEVENTEEN, state(got));
      rounds++;
    }

    assertThat(rounds).isEqualTo(3);
    assertThat(got.body()).contains("\"isError\":true", "repeat the identical call");
    assertThat(world.approvals.list(false)).hasSize(1);
  }

  @Test
  void an_altered_state_is_refused() {
    var state = state(pay(token, SEVENTEEN, ""));
    char last = state.charAt(state.length() - 5);
    var altered =
        state.substring(0, state.length() - 5)
            + (last == 'A' ? 'B' : 'A')
            + state.substring(state.length() - 4);

    var got = pay(token, SEVENTEEN, altered);

    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(GatewayWorld.reason(got)).isEqualTo("request-state-invalid");
    assertThat(got.body()).contains("-32602");
    assertThat(world.entries("call.refused")).hasSize(1);
  }

  @Test
  void a_state_of_another_task_or_for_another_request_is_refused() {
    var state = state(pay(token, SEVENTEEN, ""));

    var foreign = pay(world.token(), SEVENTEEN, state);
    var other = pay(token, "{\"invoice\":\"18\"}", state);

    assertThat(GatewayWorld.reason(foreign)).isEqualTo("request-state-foreign");
    assertThat(GatewayWorld.reason(other)).isEqualTo("request-state-mismatched");
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void a_state_that_has_expired_is_refused() throws Exception {
    world.policy.rule =
        question ->
            question.facts().approved()
                ? RuledDecisions.ALLOW
                : new dev.remit.kernel.policy.Decision.Hold(
                    HeldPayments.HOLD.because(),
                    java.util.Set.of(dev.remit.kernel.identity.Role.APPROVER),
                    Duration.ofMillis(900),
                    java.util.List.of());
    var state = state(pay(token, SEVENTEEN, ""));
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);

    var got = pay(token, SEVENTEEN, state);

    assertThat(GatewayWorld.reason(got)).isEqualTo("request-state-expired");
  }

  @Test
  void a_state_of_a_declined_approval_is_told_so_and_opens_no_other() {
    var first = pay(token, SEVENTEEN, "");
    answer(world, approval(world, first).id(), "bea", false);

    var got = pay(token, SEVENTEEN, state(first));

    assertThat(GatewayWorld.reason(got)).isEqualTo("approval-declined");
    assertThat(world.approvals.list(false)).hasSize(1);
  }

  @Test
  void what_a_client_answers_the_server_is_not_covered_by_the_approval_of_the_arguments() {
    world.upstream.on(
        "tools/call",
        (exchange, message) -> {
          var result = TestUpstream.JSON.createObjectNode().put("resultType", "input_required");
          result.put("requestState", "the server's own");
          TestUpstream.json(exchange, TestUpstream.result(message, result));
        });
    var first = pay(token, SEVENTEEN, "");
    answer(world, approval(world, first).id(), "bea", true);
    var asked = pay(token, SEVENTEEN, "");

    var goingOn = pay(token, SEVENTEEN, "the server's own");

    assertThat(state(asked)).isEqualTo("the server's own");
    assertThat(GatewayWorld.reason(goingOn)).isEqualTo("awaiting-approval");
    assertThat(goingOn.body()).contains("\"isError\":true");
    assertThat(approval(world, goingOn).id()).isNotEqualTo(approval(world, first).id());
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void a_client_that_counts_progress_sees_the_wait_go_on_and_then_the_answer() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = CompletableFuture.supplyAsync(this::payCounting, threads);
      await().until(() -> !world.approvals.list(true).isEmpty());
      await().pollDelay(Duration.ofMillis(800)).until(() -> true);
      answer(world, world.approvals.list(true).getFirst().id(), "bea", true);

      var events = events(waiting.get());

      assertThat(events.size()).isGreaterThan(2);
      assertThat(events.getLast().at("/result/content/0/text").stringValue()).isEqualTo("done");
      var values =
          events.subList(0, events.size() - 1).stream()
              .map(event -> event.at("/params/progress").doubleValue())
              .toList();
      assertThat(values).isSorted().doesNotHaveDuplicates().allMatch(value -> value < 0);
      assertThat(events.getFirst().at("/params/progressToken").stringValue()).isEqualTo("p");
    }
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void a_client_that_counts_progress_is_told_on_its_stream_to_come_again() {
    var events = events(payCounting());

    assertThat(events.getLast().at("/result/isError").booleanValue()).isTrue();
    assertThat(events.getLast().at("/id").asInt()).isEqualTo(7);
  }

  private HttpResponse<String> payCounting() {
    var body = GatewayWorld.callBody("pay", SEVENTEEN);
    return world.post(
        token, body.substring(0, body.length() - 2) + ",\"_meta\":{\"progressToken\":\"p\"}}}");
  }

  private static java.util.List<JsonNode> events(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type").orElse("")).contains("event-stream");
    return Arrays.stream(answer.body().split("\n"))
        .filter(line -> line.startsWith("data: "))
        .map(line -> JSON.readTree(line.substring(6)))
        .toList();
  }

  private HttpResponse<String> pay(String bearer, String arguments, String state) {
    var params = JSON.createObjectNode().put("name", "pay");
    params.set("arguments", JSON.readTree(arguments));
    if (!state.isEmpty()) {
      params.put("requestState", state);
    }
    var meta =
        params.putObject("_meta").put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
    meta.putObject("io.modelcontextprotocol/clientCapabilities").putObject("elicitation");
    var message =
        JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 7).put("method", "tools/call");
    message.set("params", params);
    return world.send(
        world
            .to("files", bearer)
            .header("MCP-Protocol-Version", GatewayWorld.MODERN)
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", "pay")
            .POST(BodyPublishers.ofString(message.toString())));
  }

  private static String state(HttpResponse<String> answer) {
    return JSON.readTree(answer.body()).at("/result/requestState").asString("");
  }
}
