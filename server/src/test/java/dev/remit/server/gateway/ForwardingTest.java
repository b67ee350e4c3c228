package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What passes, and that it passes as it came.
class ForwardingTest {
  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void bytes_pass_unchanged_in_both_directions() {
    var body =
        "{ \"params\":{\"arguments\":{\"path\":\"caf\\u00e9  ☕\"},\"name\" : \"read_file\"},\n"
            + " \"extra\":{\"x\":[1,2.50,null]}, \"method\":\"tools/call\",\"id\":\"a-1\","
            + "\"jsonrpc\":\"2.0\"}";
    var answer =
        "{\"id\":\"a-1\",  \"jsonrpc\":\"2.0\",\"result\":{\"content\":[], \"big\":1.0e2}}\n";
    world.upstream.on("tools/call", (exchange, _) -> TestUpstream.json(exchange, answer));

    var got = world.post(world.token(), body);

    assertThat(got.body()).isEqualTo(answer);
    assertThat(world.upstream.seen.getLast().body()).isEqualTo(body);
  }

  @Test
  void the_credential_goes_upstream_and_the_token_does_not() {
    var token = world.token();

    var _ = world.call(token, "read_file", "{\"path\":\"a\"}");

    var sent = world.upstream.seen.getLast();
    assertThat(sent.header("X-Api-Key")).isEqualTo("the real credential");
    assertThat(sent.header("Authorization")).isEmpty();
    assertThat(sent.headers().toString()).doesNotContain(token);
  }

  @Test
  @Tag("R201")
  @Tag("R202")
  void a_call_is_decided_before_and_its_outcome_recorded_after() {
    var got = world.call(world.token(), "read_file", "{\"path\":\"a\"}");

    var id = GatewayWorld.decision(got);
    var decided = world.entries("call.decided").getLast();
    assertThat(decided.path("id").asString("")).isEqualTo(id);
    assertThat(decided.path("target").asString("")).isEqualTo("files/read_file");
    assertThat(decided.path("because").toString()).contains("test-allows");
    assertThat(decided.toString()).doesNotContain("\"path\"");
    assertThat(world.ended(id).path("outcome").asString("")).isEqualTo("answered");
    assertThat(world.upstream.seen.getLast().header("Remit-Decision")).isEqualTo(id);
  }

  @Test
  void every_governed_answer_carries_a_receipt() {
    var got = world.call(world.token(), "read_file", "{\"path\":\"a\"}");

    var receipt = Receipt.ofHeader(got.headers().firstValue("Remit-Receipt").orElseThrow());
    assertThat(receipt.origin()).isEqualTo("ledger.test/g");
  }

  @Test
  void a_failing_tool_is_recorded_as_failed() {
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.json(
                exchange,
                TestUpstream.result(message, TestUpstream.said("no").put("isError", true))));

    var got = world.call(world.token(), "read_file", "{\"path\":\"a\"}");

    assertThat(world.ended(GatewayWorld.decision(got)).path("outcome").asString(""))
        .isEqualTo("failed");
  }

  @Test
  void events_pass_one_by_one_with_their_ids() {
    var events =
        "id: 1\ndata:\n\n"
            + "event: message\nid: 2\ndata: {\"jsonrpc\":\"2.0\",\"method\":"
            + "\"notifications/progress\",\"params\":{\"progress\":1}}\n\n"
            + ": still here\n\n"
            + "id: 3\r\ndata: {\"jsonrpc\":\"2.0\",\"id\":7,\r\ndata: \"result\":{}}\r\n\r\n";
    world.upstream.on("tools/call", (exchange, _) -> TestUpstream.events(exchange, events).close());

    var got = world.call(world.token(), "read_file", "{\"path\":\"a\"}");

    assertThat(got.body()).isEqualTo(events);
    assertThat(got.headers().firstValue("Content-Type")).contains("text/event-stream");
  }

  @Test
  @Tag("R96")
  void prompts_and_resources_are_decided_like_tools() {
    var token = world.token();

    var prompt = world.post(token, request("prompts/get", "{\"name\":\"summary\"}"));
    var read = world.post(token, request("resources/read", "{\"uri\":\"file:///data/a\"}"));
    var other = world.post(token, request("resources/read", "{\"uri\":\"file:///etc/passwd\"}"));

    assertThat(prompt.body()).contains("\"result\"");
    assertThat(read.body()).contains("\"result\"");
    assertThat(GatewayWorld.reason(other)).isEqualTo("not-granted");
    assertThat(world.entries("call.decided"))
        .extracting(entry -> entry.path("action").asString(""))
        .containsExactly("prompt", "read");
  }

  @Test
  void a_ping_passes_and_is_not_a_decision() {
    var got = world.post(world.token(), request("ping", "{}"));

    assertThat(got.body()).contains("\"result\"");
    assertThat(world.entries("call.decided")).isEmpty();
  }

  static String request(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}";
  }
}
