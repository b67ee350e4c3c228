package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.store.TestDatabase;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What agents and upstreams get wrong: each has a clear answer, a record where there is somebody
/// to record, and leaves nothing behind.
class BadInputTest {
  private static final String PATH = "{\"path\":\"a\"}";
  private final GatewayWorld world =
      new GatewayWorld(GatewayWorld.patience(Duration.ofMillis(800), Duration.ofMillis(300)));

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"jsonrpc\":\"2.0\",                                                     | 400 | -32700",
        "not json                                                                  | 400 | -32700",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} x                      | 400 | -32700",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}               | 400 | -32700",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"Method\":\"x\",\"method\":\"ping\"}       | 400 | -32700",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}                        | 400 | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}                     | 400 | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1}                                            | 400 | -32600",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]                      | 400 | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/steal\"}                 | 200 | -32601",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tasks/get\"}                   | 200 | -32601",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}                              | 400 | -32600",
      })
  void a_message_that_is_none_is_refused_and_recorded(String body, int status, int code) {
    var got = world.post(world.token(), body.strip());

    assertThat(got.statusCode()).isEqualTo(status);
    assertThat(got.body()).contains("\"code\":" + code);
    assertThat(world.upstream.seen).isEmpty();
    assertThat(world.entries("call.refused")).hasSize(1);
  }

  @Test
  void deep_nesting_and_size_are_bounded() {
    var token = world.token();

    var deep = world.call(token, "read_file", "[".repeat(500) + "]".repeat(500));
    var large = world.call(token, "read_file", "{\"path\":\"" + "x".repeat(5_000_000) + "\"}");

    assertThat(deep.statusCode()).isEqualTo(400);
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(world.upstream.seen).isEmpty();
  }

  @Test
  void a_missing_or_foreign_token_is_challenged() {
    var none = world.post("", "{}");
    var junk = world.post("junk", "{}");
    var other = world.post(world.tokenFor("child"), "{}");

    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("resource_metadata=", "/.well-known/oauth-protected-resource/mcp/files")
        .doesNotContain("error=");
    assertThat(junk.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("error=\"invalid_token\"");
    assertThat(GatewayWorld.reason(other)).isEqualTo("wrong-audience");
    assertThat(world.entries("call.refused"))
        .extracting(entry -> entry.path("reason").asString(""))
        .containsExactly("token-invalid", "wrong-audience");
  }

  @Test
  void a_suspended_identity_and_a_completed_task_are_refused() {
    var token = world.token();
    world.suspend();

    var got = world.call(token, "read_file", PATH);

    assertThat(got.statusCode()).isEqualTo(401);
    assertThat(GatewayWorld.reason(got)).isEqualTo("suspended");
  }

  @Test
  void a_foreign_page_is_refused() {
    var got =
        world.send(
            world
                .to("files", world.token())
                .header("Origin", "https://evil.example")
                .POST(BodyPublishers.ofString("{}")));

    assertThat(got.statusCode()).isEqualTo(403);
  }

  @Test
  void a_tool_outside_the_task_is_refused_before_policy_is_asked() {
    var got = world.call(world.token("files/read_file"), "pay", "{\"invoice\":\"1\"}");

    assertThat(GatewayWorld.reason(got)).isEqualTo("outside-task");
    assertThat(got.body()).contains("\"isError\":true");
    assertThat(world.policy.asked).isEmpty();
    assertThat(world.entries("call.refused").getLast().path("reason").asString(""))
        .isEqualTo("outside-task");
  }

  @Test
  void a_denial_names_the_policy_and_the_decision() {
    world.policy.rule = _ -> RuledDecisions.DENY;

    var got = world.call(world.token(), "read_file", PATH);

    assertThat(got.body()).contains("\"isError\":true", "test-forbids");
    assertThat(GatewayWorld.refusal(got).path("decision").asString(""))
        .isEqualTo(GatewayWorld.decision(got));
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void arguments_that_break_the_schema_are_refused() {
    var got = world.call(world.token(), "read_file", "{\"path\":7,\"more\":true}");

    assertThat(GatewayWorld.reason(got)).isEqualTo("bad-arguments");
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void an_upstream_that_hangs_ends_in_a_timeout() {
    world.upstream.on("tools/call", (_, _) -> Thread.sleep(5_000));

    var got = world.call(world.token(), "read_file", PATH);

    assertThat(GatewayWorld.reason(got)).isEqualTo("upstream-timeout");
    assertThat(outcome(GatewayWorld.decision(got))).isEqualTo("timeout");
  }

  @Test
  void an_upstream_that_dies_in_the_middle_ends_in_an_error_event() {
    world.upstream.on(
        "tools/call",
        (exchange, _) -> {
          var out = TestUpstream.events(exchange, ": begun\n\n", "data: {\"jsonrpc\"");
          out.flush();
          throw new java.io.IOException("dies");
        });

    var got = world.call(world.token(), "read_file", PATH);

    assertThat(got.body()).contains(": begun", "upstream-broken").doesNotContain("{\"jsonrpc\"\n");
    assertThat(outcome(GatewayWorld.decision(got))).isEqualTo("unknown");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "this is not json",
        "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}} and more",
      })
  void an_upstream_that_answers_garbage_is_not_passed_on(String garbage) {
    world.upstream.on("tools/call", (exchange, _) -> TestUpstream.json(exchange, garbage));

    var got = world.call(world.token(), "read_file", PATH);

    assertThat(GatewayWorld.reason(got)).isEqualTo("upstream-broken");
    assertThat(got.body()).doesNotContain("this is not json");
    assertThat(outcome(GatewayWorld.decision(got))).isEqualTo("unknown");
  }

  @Test
  void an_upstream_that_answers_twice_is_heard_once() {
    var one = "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"n\":1}}\n\n";
    var two = "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"n\":2}}\n\n";
    world.upstream.on(
        "tools/call", (exchange, _) -> TestUpstream.events(exchange, one, two).close());

    var got = world.call(world.token(), "read_file", PATH);

    assertThat(got.body()).isEqualTo(one);
  }

  @Test
  void an_upstream_that_refuses_our_credential_does_not_challenge_the_agent() {
    world.upstream.on(
        "tools/call", (exchange, _) -> TestUpstream.send(exchange, 401, "application/json", "{}"));

    var got = world.call(world.token(), "read_file", PATH);

    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(GatewayWorld.reason(got)).isEqualTo("upstream-broken");
  }

  @Test
  void an_upstream_that_is_away_is_not_an_unknown_outcome() {
    var token = world.token();
    var _ = world.call(token, "read_file", PATH);
    world.upstream.close();

    var got = world.call(token, "read_file", PATH);

    assertThat(GatewayWorld.reason(got)).isIn("upstream-unreachable", "upstream-broken");
  }

  @Test
  void an_agent_that_goes_away_leaves_nothing_behind() throws Exception {
    world.upstream.on("tools/call", (_, _) -> Thread.sleep(3_000));
    var body = GatewayWorld.callBody("read_file", PATH);
    var token = world.token();

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), world.url.getPort())) {
      var head =
          "POST /mcp/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Authorization: Bearer "
              + token
              + "\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n";
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
      Awaitility.await().until(() -> world.upstream.count("tools/call") == 1);
    }

    Awaitility.await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> world.gateway.openExchanges() == 0);
    assertThat(world.entries("call.decided")).hasSize(1);
  }

  @Test
  void nothing_is_sent_while_nothing_can_be_recorded() {
    var token = world.token();
    var first = world.call(token, "read_file", PATH);
    assertThat(first.statusCode()).isEqualTo(200);
    TestDatabase.stop();
    try {
      var got = world.call(token, "read_file", PATH);

      assertThat(got.statusCode()).isEqualTo(503);
      assertThat(world.upstream.count("tools/call")).isEqualTo(1);
    } finally {
      TestDatabase.start();
    }
    var deadline = Instant.now().plusSeconds(20);
    Awaitility.await()
        .atMost(Duration.between(Instant.now(), deadline))
        .pollInterval(Duration.ofMillis(300))
        .until(() -> world.call(token, "read_file", PATH).body().contains("done"));
  }

  private String outcome(String decision) {
    return world.ended(decision).path("outcome").asString("");
  }
}
