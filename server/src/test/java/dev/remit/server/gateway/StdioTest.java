package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Servers that run as child processes.
class StdioTest {
  private static final String INITIALIZE =
      ForwardingTest.request(
          "initialize",
          "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\"}}");

  private final GatewayWorld world =
      new GatewayWorld(GatewayWorld.patience(Duration.ofSeconds(20), Duration.ofSeconds(1)));
  private final String token = world.tokenFor("child");

  @AfterEach
  void no_child_is_left() {
    world.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> children() == 0);
  }

  @Test
  void a_child_serves_a_session_and_ends_with_it() {
    var opened = send("", INITIALIZE);
    var session = opened.headers().firstValue("Mcp-Session-Id").orElseThrow();

    var said = say(session, "hello");
    assertThat(children()).isEqualTo(1);
    var left = world.send(world.to("child", token).header("Mcp-Session-Id", session).DELETE());

    assertThat(opened.body()).contains("2025-06-18");
    assertThat(said.body()).contains("hello");
    assertThat(left.statusCode()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(5)).until(() -> children() == 0);
    assertThat(say(session, "again").statusCode()).isEqualTo(404);
  }

  @Test
  void a_child_gets_its_own_secret_and_nothing_of_ours() {
    var session = open();

    assertThat(say(session, "length CHILD_SECRET").body())
        .contains("length " + "the real credential".length());
    assertThat(say(session, "env CHILD_SECRET").body())
        .contains("[redacted]")
        .doesNotContain("the real credential");
    assertThat(say(session, "env MAVEN_CMD_LINE_ARGS").body()).contains("null");
    assertThat(say(session, "env REMIT_MASTER_KEY").body()).contains("null");
  }

  @Test
  void a_child_that_dies_is_told_and_the_next_session_has_a_new_one() {
    var session = open();

    var died = say(session, "die");

    assertThat(GatewayWorld.reason(died)).isEqualTo("upstream-broken");
    assertThat(say(session, "hello").statusCode()).isEqualTo(404);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> send("", INITIALIZE).body().contains("2025-06-18"));
  }

  @Test
  void a_line_that_is_no_message_is_dropped() {
    assertThat(say(open(), "garbage").body()).contains("after garbage");
  }

  @Test
  void a_suspension_ends_the_child_and_what_it_has_started() {
    var body = say(open(), "spawn").body();
    long grandchild = Long.parseLong(body.replaceAll("(?s).*pid (\\d+).*", "$1"));
    assertThat(ProcessHandle.of(grandchild)).isPresent();

    world.suspend();

    await().atMost(Duration.ofSeconds(5)).until(() -> children() == 0);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> ProcessHandle.of(grandchild).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void another_task_cannot_use_the_session() {
    var session = open();

    var foreign =
        world.send(
            world
                .to("child", world.tokenFor("child"))
                .header("Mcp-Session-Id", session)
                .POST(BodyPublishers.ofString(GatewayWorld.callBody("say", "{\"text\":\"x\"}"))));

    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(GatewayWorld.reason(foreign)).isEqualTo("unknown-session");
  }

  @Test
  void a_modern_client_is_sent_back_to_initialize() {
    var got =
        world.send(
            world
                .to("child", token)
                .header("MCP-Protocol-Version", GatewayWorld.MODERN)
                .header("Mcp-Method", "server/discover")
                .POST(BodyPublishers.ofString(GatewayWorld.modernBody("server/discover", ""))));

    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(got.body()).contains("-32600").doesNotContain("-3202");
  }

  private String open() {
    return send("", INITIALIZE).headers().firstValue("Mcp-Session-Id").orElseThrow();
  }

  private HttpResponse<String> say(String session, String text) {
    return send(session, GatewayWorld.callBody("say", "{\"text\":\"" + text + "\"}"));
  }

  private HttpResponse<String> send(String session, String body) {
    var request = world.to("child", token).header("MCP-Protocol-Version", "2025-06-18");
    if (!session.isEmpty()) {
      request.header("Mcp-Session-Id", session);
    }
    return world.send(request.POST(BodyPublishers.ofString(body)));
  }

  static long children() {
    return ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .filter(process ->
            process.info().commandLine().orElse("").contains(ChildServer.class.getName()))
        .count();
  }
}
