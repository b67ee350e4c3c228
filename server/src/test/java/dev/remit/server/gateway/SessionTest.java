package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Legacy sessions, their streams, and what the server asks in them.
class SessionTest {
  private static final String ASK =
      "{\"jsonrpc\":\"2.0\",\"id\":\"s-1\",\"method\":\"sampling/createMessage\",\"params\":{}}";
  private final GatewayWorld world = new GatewayWorld();
  private final String token = world.token();

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void a_session_belongs_to_the_task_that_opened_it() {
    var session = open();

    var own = world.send(in(session, token).POST(BodyPublishers.ofString(ping())));
    var foreign = world.send(in(session, world.token()).POST(BodyPublishers.ofString(ping())));
    var invented = world.send(in("session-x", token).POST(BodyPublishers.ofString(ping())));

    assertThat(own.statusCode()).isEqualTo(200);
    assertThat(world.upstream.seen.getLast().header("Mcp-Session-Id")).isEqualTo(session);
    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(invented.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).isEqualTo(invented.body());
  }

  @Test
  void a_session_that_is_left_is_gone() {
    var session = open();
    world.upstream.on(
        "DELETE", (exchange, _) -> TestUpstream.send(exchange, 200, "text/plain", ""));

    var left = world.send(in(session, token).DELETE());

    assertThat(left.statusCode()).isEqualTo(200);
    assertThat(world.send(in(session, token).DELETE()).statusCode()).isEqualTo(404);
  }

  @Test
  void a_server_may_ask_the_agents_model_when_policy_permits() {
    var session = open();
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.events(
                    exchange,
                    "data: " + ASK + "\n\n",
                    "data: " + TestUpstream.result(message, TestUpstream.said("ok")) + "\n\n")
                .close());

    var got = call(session);
    var answered = answer(session, "s-1");
    var twice = answer(session, "s-1");

    assertThat(got).contains("sampling/createMessage", "ok");
    assertThat(answered).isEqualTo(202);
    assertThat(twice).isEqualTo(400);
    assertThat(world.entries("call.decided"))
        .extracting(entry -> entry.path("action").asString(""))
        .contains("sample");
  }

  @Test
  void a_server_that_may_not_ask_is_told_and_the_agent_is_not() {
    var session = open();
    world.policy.rule =
        question ->
            question.action() == dev.remit.server.decisions.Action.SAMPLE
                ? RuledDecisions.DENY
                : RuledDecisions.ALLOW;
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.events(
                    exchange,
                    "data: " + ASK + "\n\n",
                    "data: " + TestUpstream.result(message, TestUpstream.said("ok")) + "\n\n")
                .close());

    var got = call(session);

    assertThat(got).contains("ok").doesNotContain("sampling");
    assertThat(world.upstream.seen)
        .anySatisfy(
            seen -> assertThat(seen.body()).contains("\"id\":\"s-1\"", "server-may-not-ask"));
    assertThat(answer(session, "s-1")).isEqualTo(400);
  }

  @Test
  void an_answer_on_a_resumed_stream_is_the_outcome() {
    var session = open();
    world.upstream.on(
        "tools/call", (exchange, _) -> TestUpstream.events(exchange, "id: e-1\ndata:\n\n").close());
    world.upstream.on(
        "GET",
        (exchange, _) ->
            TestUpstream.events(
                    exchange,
                    "id: e-2\ndata: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\n\n",
                    "id: e-3\ndata: {\"jsonrpc\":\"2.0\",\"id\":8,\"result\":{}}\n\n")
                .close());

    var begun =
        world.send(
            in(session, token)
                .POST(
                    BodyPublishers.ofString(
                        GatewayWorld.callBody("read_file", "{\"path\":\"a\"}"))));
    var resumed = world.send(in(session, token).header("Last-Event-ID", "e-1").GET());

    assertThat(begun.body()).isEqualTo("id: e-1\ndata:\n\n");
    assertThat(resumed.body()).contains("e-2").doesNotContain("e-3");
    assertThat(world.upstream.seen.getLast().header("Last-Event-ID")).isEqualTo("e-1");
    assertThat(world.ended(GatewayWorld.decision(begun)).path("outcome").asString(""))
        .isEqualTo("answered");
  }

  @Test
  void what_may_not_be_read_is_neither_followed_nor_told_of() {
    var session = open();
    world.upstream.on(
        "GET",
        (exchange, _) ->
            TestUpstream.events(
                    exchange, updated("file:///data/a/part"), updated("file:///etc/passwd"))
                .close());

    var followed = follow(session, "file:///data/a");
    var refused = follow(session, "file:///etc/passwd");
    var told = world.send(in(session, token).GET());

    assertThat(followed.statusCode()).isEqualTo(200);
    assertThat(GatewayWorld.reason(refused)).isEqualTo("not-granted");
    assertThat(world.upstream.count("resources/subscribe")).isEqualTo(1);
    assertThat(told.body()).contains("file:///data/a/part").doesNotContain("passwd");
  }

  private HttpResponse<String> follow(String session, String uri) {
    var subscribe = ForwardingTest.request("resources/subscribe", "{\"uri\":\"" + uri + "\"}");
    return world.send(in(session, token).POST(BodyPublishers.ofString(subscribe)));
  }

  private static String updated(String uri) {
    return "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\","
        + "\"params\":{\"uri\":\""
        + uri
        + "\"}}\n\n";
  }

  private String open() {
    var got =
        world.post(
            token,
            ForwardingTest.request(
                "initialize", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}"));
    return got.headers().firstValue("Mcp-Session-Id").orElseThrow();
  }

  private String call(String session) {
    return world
        .send(
            in(session, token)
                .POST(
                    BodyPublishers.ofString(
                        GatewayWorld.callBody("read_file", "{\"path\":\"a\"}"))))
        .body();
  }

  private int answer(String session, String id) {
    return world
        .send(
            in(session, token)
                .POST(
                    BodyPublishers.ofString(
                        "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{}}")))
        .statusCode();
  }

  private HttpRequest.Builder in(String session, String bearer) {
    return world
        .to("files", bearer)
        .header("MCP-Protocol-Version", GatewayWorld.LEGACY)
        .header("Mcp-Session-Id", session);
  }

  private static String ping() {
    return ForwardingTest.request("ping", "{}");
  }
}
