package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Agents that hang up while their request is under way, before an upstream that says nothing.
///
/// In the modern era that withdraws the request; in the legacy era it does not.
@Tag("R200")
class HangUpTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final String CALL = GatewayWorld.callBody("read_file", "{\"path\":\"a\"}");
  private static final String MODERN_CALL =
      GatewayWorld.modernBody(
          "tools/call", "\"name\":\"read_file\",\"arguments\":{\"path\":\"a\"},");

  private final QuietUpstream upstream = new QuietUpstream();
  private final GatewayWorld world =
      new GatewayWorld(GatewayWorld.patience(Duration.ofSeconds(4), Duration.ofSeconds(1)));

  private static final Duration UNWATCHED = Duration.ofMillis(200);

  private String token = "";

  @BeforeEach
  void the_quiet_server_is_declared() {
    world.declare(world.httpResource("quiet", upstream.url()));
    token = world.tokenFor("quiet");
  }

  @AfterEach
  void nothing_is_left() throws IOException {
    world.close();
    await().atMost(AT_ONCE.multipliedBy(5)).until(() -> upstream.connections() == 0);
    upstream.close();
  }

  @Test
  void a_modern_agent_that_hangs_up_has_cancelled_a_silent_call() throws IOException {
    try (var _ = modernCall()) {
      awaitArrived("tools/call");
    }

    assertCancelledAtOnce();
  }

  @Test
  void a_modern_agent_that_hangs_up_has_cancelled_a_stream_that_pauses() throws IOException {
    upstream.on("tools/call", (_, out) -> QuietUpstream.stream(out));
    try (var agent = modernCall()) {
      agent.readUntil(": begun");
    }

    assertCancelledAtOnce();
  }

  /// Half a connection and none look the same until something is written, and a modern client that
  /// waits for its answer keeps both halves open.
  @Test
  void a_modern_agent_that_closes_its_half_has_cancelled() throws IOException {
    try (var agent = modernCall()) {
      awaitArrived("tools/call");

      agent.halfClose();

      assertCancelledAtOnce();
    }
  }

  @Test
  void a_modern_agent_that_hangs_up_ends_what_it_listens_to() throws IOException {
    upstream.on("subscriptions/listen", (_, out) -> QuietUpstream.stream(out));
    try (var agent = agent()) {
      agent.post(
          GatewayWorld.MODERN,
          "subscriptions/listen",
          "",
          GatewayWorld.modernBody(
              "subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true},"));
      agent.readUntil(": begun");
    }

    await().atMost(AT_ONCE).until(() -> upstream.hungUp.contains("subscriptions/listen"));
    await().atMost(AT_ONCE).until(() -> world.gateway.openExchanges() == 0);
  }

  @Test
  void a_legacy_agent_that_hangs_up_has_cancelled_nothing() throws IOException {
    var answers = new CountDownLatch(1);
    upstream.on(
        "tools/call",
        (message, out) -> {
          answers.await();
          QuietUpstream.json(out, TestUpstream.result(message, TestUpstream.said("done")));
        });

    assertGoesOnToItsAnswer(answers);
  }

  @Test
  void a_legacy_stream_that_cannot_be_resumed_is_read_to_its_end() throws IOException {
    var answers = new CountDownLatch(1);
    upstream.on(
        "tools/call",
        (message, out) -> {
          QuietUpstream.stream(out);
          answers.await();
          QuietUpstream.event(
              out, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n");
          QuietUpstream.event(out, "data: " + answer(message) + "\n\n");
          QuietUpstream.end(out);
        });

    assertGoesOnToItsAnswer(answers);
  }

  private void assertGoesOnToItsAnswer(CountDownLatch answers) throws IOException {
    try (var _ = legacyCall()) {
      awaitArrived("tools/call");
    }
    await()
        .during(Duration.ofMillis(600))
        .atMost(AT_ONCE.multipliedBy(5))
        .until(() -> !upstream.hungUp.contains("tools/call"));

    answers.countDown();

    var ended = ended();
    assertThat(ended.path("outcome").asString("")).isEqualTo("answered");
    assertThat(ended.path("agentLeft").asBoolean(false)).isTrue();
    assertThat(upstream.arrived).doesNotContain("notifications/cancelled");
  }

  @Test
  void a_legacy_stream_that_can_be_resumed_is_left_and_its_answer_comes_later() throws IOException {
    upstream.on(
        "tools/call",
        (_, out) -> {
          QuietUpstream.stream(out);
          QuietUpstream.event(out, "id: 1\ndata: \n\n");
        });
    try (var agent = legacyCall()) {
      agent.readUntil("id: 1");
    }
    await().atMost(AT_ONCE).until(() -> upstream.hungUp.contains("tools/call"));
    await().atMost(AT_ONCE).until(() -> world.gateway.openExchanges() == 0);
    assertThat(upstream.arrived).doesNotContain("notifications/cancelled");
    assertThat(world.entries("call.ended")).isEmpty();

    upstream.on(
        "GET",
        (_, out) -> {
          QuietUpstream.stream(out);
          QuietUpstream.event(
              out, "id: 2\ndata: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}\n\n");
        });
    try (var agent = agent()) {
      agent.send("GET", "Last-Event-ID: 1\r\n", "");
      agent.readUntil("\"id\":7");
    }

    assertThat(ended().path("outcome").asString("")).isEqualTo("answered");
    await().atMost(AT_ONCE).until(() -> upstream.hungUp.contains("GET"));
  }

  @Test
  void a_legacy_call_without_its_agent_does_not_go_on_for_ever() throws IOException {
    upstream.on(
        "tools/call",
        (_, out) -> {
          QuietUpstream.stream(out);
          while (true) {
            Thread.sleep(200);
            QuietUpstream.event(out, ": still at it\n\n");
          }
        });
    try (var agent = legacyCall()) {
      agent.readUntil(": begun");
    }

    var ended =
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> world.entries("call.ended"), entries -> !entries.isEmpty())
            .getFirst();

    assertThat(ended.path("outcome").asString("")).isEqualTo("timeout");
    await().atMost(AT_ONCE).until(() -> upstream.hungUp.contains("tools/call"));
  }

  @Test
  void a_legacy_agent_that_closes_only_its_half_gets_its_answer() throws IOException {
    upstream.on(
        "tools/call",
        (message, out) -> {
          Thread.sleep(500);
          QuietUpstream.json(out, TestUpstream.result(message, TestUpstream.said("done")));
        });
    try (var agent = legacyCall()) {
      agent.halfClose();

      assertThat(agent.readUntil("done")).contains("200 OK");
    }
  }

  @Test
  void what_an_agent_sends_early_is_kept_for_its_turn() throws IOException {
    upstream.on(
        "tools/call",
        (message, out) -> {
          Thread.sleep(500);
          QuietUpstream.json(out, TestUpstream.result(message, TestUpstream.said("done")));
        });
    upstream.on(
        "ping",
        (message, out) ->
            QuietUpstream.json(out, TestUpstream.result(message, TestUpstream.said("pong"))));
    var ping =
        ForwardingTest.request("ping", "{\"_meta\":{\"pad\":\"" + "x".repeat(9_000) + "\"}}");
    try (var agent = legacyCall()) {
      awaitArrived("tools/call");

      for (int i = 0; i < 20; i++) {
        agent.post(GatewayWorld.LEGACY, "ping", "", ping);
      }

      agent.readUntil("done");
      for (int i = 0; i < 20; i++) {
        agent.readUntil("pong");
      }
    }
  }

  private RawAgent agent() throws IOException {
    return new RawAgent(world.url, "quiet", token);
  }

  private RawAgent modernCall() throws IOException {
    var agent = agent();
    agent.post(GatewayWorld.MODERN, "tools/call", "Mcp-Name: read_file\r\n", MODERN_CALL);
    return agent;
  }

  private RawAgent legacyCall() throws IOException {
    var agent = agent();
    agent.post(GatewayWorld.LEGACY, "tools/call", "", CALL);
    return agent;
  }

  private static String answer(JsonNode message) {
    return TestUpstream.result(message, TestUpstream.said("done"));
  }

  /// And until Helidon's client, on a connection that is used again, no longer waits for the thread
  /// that watched it while it was idle: interrupted in that tenth of a second the client forgets
  /// the connection without closing it, and the upstream is not told.
  private void awaitArrived(String method) {
    await().atMost(Duration.ofSeconds(5)).until(() -> upstream.arrived.contains(method));
    await().pollDelay(UNWATCHED).until(() -> true);
  }

  private void assertCancelledAtOnce() {
    await().atMost(AT_ONCE).until(() -> upstream.hungUp.contains("tools/call"));
    await().atMost(AT_ONCE).until(() -> world.gateway.openExchanges() == 0);
    var ended = ended();
    assertThat(ended.path("outcome").asString("")).isEqualTo("cancelled");
    assertThat(ended.path("agentLeft").asBoolean(false)).isTrue();
  }

  private JsonNode ended() {
    return await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> world.entries("call.ended"), entries -> !entries.isEmpty())
        .getFirst();
  }
}
