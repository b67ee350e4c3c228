package dev.remit.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.cli.RunningCli;
import dev.remit.cli.keys.KeyFile;
import dev.remit.cli.keys.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConnectTest {
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
          + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}}";
  private static final String INITIALIZED =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}";

  @TempDir private Path home;
  private FakeGateway gateway;
  private RunningCli cli;

  @BeforeEach
  void start() throws Exception {
    var key = SigningKey.fresh();
    gateway = new FakeGateway(key.publicJwk().toString());
    new KeyFile("pilot-agent", FakeGateway.SPIFFE, "assist", gateway.address().toString(), key)
        .create(home.resolve("keys"));
    cli = RunningCli.start(home, Map.of("REMIT_HOME", home.toString()), "connect", "files");
  }

  @AfterEach
  void stop() {
    cli.close();
    gateway.close();
  }

  private static String call(String id, String tool) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\"}}"
        .formatted(id, tool);
  }

  private static String modern(String id, String tool, String arguments) {
    return ("{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\","
            + "\"arguments\":%s,%s}}")
        .formatted(id, tool, arguments, META);
  }

  private JsonNode open() {
    cli.say(INITIALIZE);
    var answer = cli.hear();
    cli.say(INITIALIZED);
    return answer;
  }

  private FakeGateway.Seen lastPost() {
    return gateway.seen.stream().filter(one -> one.verb().equals("POST")).toList().getLast();
  }

  @Test
  @Tag("R61")
  void a_whole_session_passes_and_ends_with_the_task_completed() throws Exception {
    var opened = open();

    cli.say(call("1", "echo"));

    assertThat(opened.path("result").path("serverInfo").path("name").asString()).isEqualTo("a\nb");
    assertThat(cli.hear().path("id").asInt()).isEqualTo(1);
    assertThat(lastPost().headers())
        .containsKey("mcp-session-id")
        .containsEntry("mcp-protocol-version", "2025-11-25")
        .containsEntry("accept", "application/json, text/event-stream")
        .containsEntry("authorization", "Bearer token-1");
    assertThat(lastPost().body()).isEqualTo(call("1", "echo"));
    assertThat(cli.leave()).isZero();
    assertThat(gateway.ended).hasSize(1);
    assertThat(gateway.completed)
        .containsExactly("/v1/tasks/" + FakeGateway.TASK + "/complete Bearer token-1");
    assertThat(gateway.details.getFirst().path("intent").asString()).isEqualTo("assist");
  }

  /// The gateway checks each proof with an independent library, takes none twice, and changes its
  /// nonce in the middle.
  @Test
  @Tag("R65")
  void where_tokens_are_bound_each_request_shows_that_its_key_is_ours() throws Exception {
    gateway.binds = true;
    open();

    cli.say(call("1", "echo"));
    var first = cli.hear();
    gateway.nonce = "nonce-2";
    cli.say(call("2", "echo"));
    var second = cli.hear();

    assertThat(first.path("id").asInt()).isEqualTo(1);
    assertThat(second.path("id").asInt()).isEqualTo(2);
    assertThat(lastPost().headers()).containsEntry("authorization", "DPoP token-1");
    gateway.nonce = "nonce-3";
    assertThat(cli.leave()).isZero();
    assertThat(gateway.ended).hasSize(1);
    assertThat(gateway.completed)
        .containsExactly("/v1/tasks/" + FakeGateway.TASK + "/complete DPoP token-1");
    assertThat(gateway.details).as("one token for all of it").hasSize(1);
  }

  @Test
  void receipts_are_kept_one_a_line_under_the_task() throws Exception {
    open();

    cli.say(call("1", "echo"));
    cli.hear();

    var lines = Files.readAllLines(home.resolve("receipts").resolve(FakeGateway.TASK + ".jsonl"));
    assertThat(lines.getLast()).contains("\"name\":\"echo\"").contains("\"receipt\":\"cmVjZWlwdA");
  }

  @Test
  void a_slow_call_does_not_hold_up_a_quick_one() {
    open();

    cli.say(call("1", "wait"));
    cli.hear();
    cli.say(call("2", "echo"));

    assertThat(cli.hear().path("id").asInt()).isEqualTo(2);
  }

  @Test
  void events_come_one_a_line_and_the_server_gets_its_questions_answered() throws Exception {
    open();

    cli.say(call("1", "ask"));

    assertThat(cli.hear().path("method").asString()).isEqualTo("notifications/progress");
    assertThat(cli.hear().path("method").asString()).isEqualTo("sampling/createMessage");
    cli.say("{\"jsonrpc\":\"2.0\",\"id\":\"s1\",\"result\":{}}");
    assertThat(cli.hear().path("result").path("done").asBoolean()).isTrue();
  }

  @Test
  void what_the_server_says_unasked_reaches_the_client() {
    open();

    gateway.toSayUnasked.add(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");

    assertThat(cli.hear().path("method").asString()).isEqualTo("notifications/tools/list_changed");
  }

  @Test
  void an_answer_that_was_broken_off_is_picked_up_after_its_last_event() {
    open();

    cli.say(call("9", "resume"));
    cli.hear();

    assertThat(cli.hear().path("result").path("resumed").asBoolean()).isTrue();
  }

  @Test
  @Tag("R57")
  void a_token_is_renewed_before_it_runs_out_and_continues_the_same_task() throws Exception {
    gateway.lifetimeSeconds = 1;
    open();
    Thread.sleep(900);

    cli.say(call("1", "echo"));
    cli.hear();

    assertThat(gateway.details.getLast().path("task").asString()).isEqualTo(FakeGateway.TASK);
    assertThat(gateway.details.getFirst().has("task")).isFalse();
  }

  @Test
  void a_token_that_is_refused_is_replaced_once() {
    open();
    gateway.acceptAny = false;
    gateway.accepted = "another";

    cli.say(call("1", "echo"));

    assertThat(cli.hear().path("result").isObject()).isTrue();
    assertThat(gateway.details).hasSize(2);
  }

  @Test
  void a_session_the_gateway_has_forgotten_is_opened_again_without_the_client() {
    open();
    gateway.sessions.clear();

    cli.say(call("1", "echo"));

    assertThat(cli.hear().path("result").isObject()).isTrue();
    assertThat(cli.hearError()).contains("another was opened");
  }

  @Test
  void the_stateless_era_gets_its_headers_from_the_body() {
    cli.say(modern("1", "echo", "{}").replace("\"echo\"", "\"écho\""));
    cli.hear();

    assertThat(lastPost().headers())
        .containsEntry("mcp-protocol-version", "2026-07-28")
        .containsEntry("mcp-method", "tools/call")
        .containsEntry("mcp-name", "=?base64?w6ljaG8=?=")
        .doesNotContainKey("mcp-session-id");
  }

  @Test
  void arguments_that_belong_into_headers_are_learned_when_the_server_misses_them() {
    cli.say(modern("1", "echo", "{\"region\":\"eu-north\"}"));

    assertThat(cli.hear().path("result").isObject()).isTrue();
    assertThat(lastPost().headers()).containsEntry("mcp-param-region", "eu-north");
  }

  @Test
  void in_the_stateless_era_a_cancelled_call_closes_its_stream() throws Exception {
    cli.say(modern("\"a\"", "wait", "{}"));
    cli.hear();

    cli.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
            + "\"params\":{\"requestId\":\"a\"}}");

    assertThat(gateway.abandoned.poll(10, TimeUnit.SECONDS)).isEqualTo("\"a\"");
    assertThat(cli.isSilent()).isTrue();
  }

  @Test
  void in_the_era_of_sessions_a_cancellation_is_forwarded() {
    open();
    cli.say(call("1", "wait"));
    cli.hear();

    cli.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
    cli.say(call("2", "echo"));

    assertThat(cli.hear().path("id").asInt()).isEqualTo(2);
    assertThat(gateway.seen).anyMatch(one -> one.body().contains("notifications/cancelled"));
  }

  @Test
  @Tag("R61")
  void a_refusal_reaches_the_client_with_its_reason_and_remedy() {
    open();

    cli.say(call("1", "denied"));

    var error = cli.hear().path("error");
    assertThat(error.path("message").asString())
        .isEqualTo("policy denies this call (remit explain dec_1)");
    assertThat(error.path("data").path("type").asString()).endsWith("/denied-by-policy");
    assertThat(cli.hearError()).contains("tools/call denied: policy denies this call");
  }

  @Test
  void an_error_of_the_protocol_keeps_its_code_and_gets_the_id_it_lacked() {
    open();

    cli.say(call("7", "none"));

    var answer = cli.hear();
    assertThat(answer.path("id").asInt()).isEqualTo(7);
    assertThat(answer.path("error").path("code").asInt()).isEqualTo(-32602);
  }

  @Test
  void a_suspended_identity_learns_why_it_gets_no_token() {
    gateway.refusesTokens = true;

    cli.say(INITIALIZE);

    assertThat(cli.hear().path("error").path("message").asString())
        .isEqualTo("identity pilot-agent is suspended");
  }

  @Test
  void without_a_server_the_client_is_told_how_to_start_it() {
    gateway.close();

    cli.say(INITIALIZE);

    assertThat(cli.hear().path("error").path("message").asString())
        .contains("no server at " + gateway.address())
        .contains("remit serve");
  }

  @Test
  void a_line_that_is_not_json_is_answered_as_the_protocol_says() {
    cli.say("hello");

    assertThat(cli.hear().path("error").path("code").asInt()).isEqualTo(-32700);
  }

  @Test
  void when_it_is_told_to_end_the_task_is_completed_all_the_same() {
    open();
    cli.say(call("1", "wait"));
    cli.hear();

    cli.terminate();

    assertThat(gateway.ended).hasSize(1);
    assertThat(gateway.completed).hasSize(1);
  }

  @Test
  void a_key_that_others_can_read_is_refused() throws Exception {
    var file = home.resolve("keys/pilot-agent.json");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    try (var other =
        RunningCli.start(home, Map.of("REMIT_HOME", home.toString()), "connect", "files")) {
      assertThat(other.hearError()).contains("others can read the key file");
      assertThat(other.exitCode()).isEqualTo(1);
    }
  }
}
