package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The era without sessions: every request declares itself, and headers say what the body says.
class ModernTest {
  private static final String CALL = "\"name\":\"read_file\",\"arguments\":{\"path\":\"a\"},";
  private final GatewayWorld world = new GatewayWorld();
  private final String token = world.token();

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void a_modern_call_passes() {
    var got = world.send(world.modern(token, "tools/call", CALL).header("Mcp-Name", "read_file"));

    assertThat(got.body()).contains("done");
    assertThat(world.upstream.seen.getLast().header("Mcp-Name")).isEqualTo("read_file");
  }

  @Test
  void headers_that_do_not_say_what_the_body_says_are_refused() {
    var other = world.send(world.modern(token, "tools/call", CALL).header("Mcp-Name", "pay"));
    var missing = world.send(world.modern(token, "tools/call", CALL));
    var encoded =
        world.send(
            world.modern(token, "tools/call", CALL).header("Mcp-Name", "=?base64?cmVhZF9maWxl?="));

    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(other.body()).contains("-32020");
    assertThat(missing.body()).contains("-32020");
    assertThat(encoded.body()).contains("done");
  }

  @Test
  void an_unknown_version_is_told_the_known_ones() {
    var got =
        world.send(
            world
                .to("files", token)
                .header("MCP-Protocol-Version", "1900-01-01")
                .POST(BodyPublishers.ofString(ForwardingTest.request("ping", "{}"))));

    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(got.body()).contains("-32022", "\"supported\":[\"2026-07-28\"", "1900-01-01");
  }

  @Test
  void a_method_of_the_other_era_is_not_found() {
    var got = world.send(world.modern(token, "logging/setLevel", "\"level\":\"info\","));

    assertThat(got.statusCode()).isEqualTo(404);
    assertThat(got.body()).contains("-32601");
  }

  @Test
  void what_the_server_wants_as_input_is_decided() {
    world.policy.rule =
        question ->
            question.action() == dev.remit.server.decisions.Action.ELICIT
                ? RuledDecisions.DENY
                : RuledDecisions.ALLOW;
    world.upstream.on(
        "tools/call",
        (exchange, message) -> {
          var result = TestUpstream.JSON.createObjectNode().put("resultType", "input_required");
          result.putObject("inputRequests").putObject("who").put("method", "elicitation/create");
          TestUpstream.json(exchange, TestUpstream.result(message, result));
        });

    var got = world.send(world.modern(token, "tools/call", CALL).header("Mcp-Name", "read_file"));

    assertThat(GatewayWorld.reason(got)).isEqualTo("server-may-not-ask");
    assertThat(got.body()).contains("\"resultType\":\"complete\"");
  }

  @Test
  void a_filtered_list_is_private_to_this_task() {
    world.upstream.on(
        "tools/list",
        (exchange, message) -> {
          var result =
              TestUpstream.JSON.createObjectNode().put("ttlMs", 60_000).put("cacheScope", "public");
          result.putArray("tools");
          TestUpstream.json(exchange, TestUpstream.result(message, result));
        });

    var got = world.send(world.modern(token, "tools/list", ""));

    assertThat(got.body()).contains("\"cacheScope\":\"private\"", "\"ttlMs\":0");
  }

  @Test
  void following_a_resource_is_decided_like_reading_it() {
    var listen = "\"notifications\":{\"resourceSubscriptions\":[\"file:///etc/passwd\"]},";

    var got = world.send(world.modern(token, "subscriptions/listen", listen));

    assertThat(GatewayWorld.reason(got)).isEqualTo("not-granted");
    assertThat(world.upstream.count("subscriptions/listen")).isZero();
  }
}
