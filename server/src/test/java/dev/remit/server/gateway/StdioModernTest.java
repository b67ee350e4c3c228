package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that run as child processes and speak the era without sessions.
class StdioModernTest {
  private static final String INITIALIZE =
      ForwardingTest.request(
          "initialize",
          "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\"}}");

  private final GatewayWorld world =
      new GatewayWorld(GatewayWorld.patience(Duration.ofSeconds(20), Duration.ofSeconds(1)));

  @AfterEach
  void no_child_is_left() {
    world.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> StdioTest.children() == 0);
  }

  @Test
  void a_modern_call_reaches_a_child_that_was_never_initialized() {
    var token = modernChild();

    var discovered = send(token, "server/discover", 1, "");
    var said = say(token, 2, "hello");

    assertThat(discovered.statusCode()).isEqualTo(200);
    assertThat(discovered.body()).contains("\"id\":1", "2026-07-28");
    assertThat(said.body()).contains("hello");
    assertThat(said.headers().firstValue("Mcp-Session-Id")).isEmpty();
    assertThat(said.headers().firstValue("Remit-Receipt")).isPresent();
  }

  @Test
  void one_task_has_one_child_and_another_task_another() {
    var token = modernChild();

    var first = say(token, 1, "pid").body();
    var second = say(token, 1, "pid").body();
    var other = say(world.tokenFor("modern"), 1, "pid").body();

    assertThat(second).isEqualTo(first);
    assertThat(other).contains("pid").isNotEqualTo(first);
    assertThat(StdioTest.children()).isEqualTo(2);
  }

  @Test
  void the_child_ends_with_its_task() {
    say(modernChild(), 1, "hello");

    world.suspend();

    await().atMost(Duration.ofSeconds(5)).until(() -> StdioTest.children() == 0);
  }

  @Test
  void a_child_that_dies_is_started_again_by_the_next_request() {
    var token = modernChild();
    say(token, 1, "hello");

    var died = say(token, 2, "die");

    assertThat(GatewayWorld.reason(died)).isEqualTo("upstream-broken");
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> say(token, 3, "hello again").body().contains("hello again"));
  }

  @Test
  void an_agent_that_hangs_up_cancels_at_the_child() throws IOException {
    var token = modernChild();
    say(token, 1, "hello");
    try (var agent = new RawAgent(world.url, "modern", token)) {
      agent.post(
          GatewayWorld.MODERN,
          "tools/call",
          "Mcp-Name: say\r\n",
          body("tools/call", 41, "\"name\":\"say\",\"arguments\":{\"text\":\"hang\"},"));
      await().until(() -> world.entries("call.decided").size() == 2);
    }

    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> say(token, 42, "cancelled").body().contains("\"text\":\"41\""));
    assertThat(world.entries("call.ended").toString()).contains("cancelled");
  }

  @Test
  void what_is_said_before_the_answer_comes_on_its_stream() {
    var said = say(modernChild(), 1, "log");

    assertThat(said.headers().firstValue("content-type").orElse("")).contains("event-stream");
    assertThat(said.body()).containsSubsequence("logged", "after the log");
  }

  @Test
  void news_goes_to_the_subscription_that_it_names() throws IOException {
    var token = modernChild();
    try (var news = listen(token)) {
      news.awaitLine("subscriptions/acknowledged");

      var changed = say(token, 2, "change");

      news.awaitLine("tools/list_changed");
      assertThat(changed.body()).contains("changed").doesNotContain("list_changed");
      say(token, 3, "stop");
      news.awaitLine("its stream ended");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "silent", "touchy"})
  void a_client_of_both_eras_falls_back_where_the_child_is_legacy(String kind) {
    world.declare(world.childResource("old", kind));
    var token = world.tokenFor("old");

    var refused = sendTo("old", token, "server/discover", 1, "");
    var opened =
        world.send(
            world
                .to("old", token)
                .header("MCP-Protocol-Version", "2025-06-18")
                .POST(BodyPublishers.ofString(INITIALIZE)));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("-32600").doesNotContain("-3202");
    assertThat(opened.body()).contains("2025-06-18");
    assertThat(StdioTest.children()).isEqualTo(1);
  }

  private String modernChild() {
    world.declare(world.childResource("modern", "modern"));
    return world.tokenFor("modern");
  }

  private HttpResponse<String> say(String token, int id, String text) {
    return send(
        token, "tools/call", id, "\"name\":\"say\",\"arguments\":{\"text\":\"" + text + "\"},");
  }

  private HttpResponse<String> send(String token, String method, int id, String params) {
    return sendTo("modern", token, method, id, params);
  }

  private HttpResponse<String> sendTo(
      String resource, String token, String method, int id, String params) {
    var request =
        world
            .to(resource, token)
            .header("MCP-Protocol-Version", GatewayWorld.MODERN)
            .header("Mcp-Method", method);
    if (method.equals("tools/call")) {
      request.header("Mcp-Name", "say");
    }
    return world.send(request.POST(BodyPublishers.ofString(body(method, id, params))));
  }

  private static String body(String method, int id, String params) {
    return GatewayWorld.modernBody(method, params).replace("\"id\":7", "\"id\":" + id);
  }

  /// A stream that is read as it comes.
  private record News(InputStream in, BufferedReader lines) implements AutoCloseable {
    void awaitLine(String part) throws IOException {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(part)) {
          return;
        }
      }
      throw new AssertionError("the stream ended without " + part);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private News listen(String token) {
    var request =
        world
            .to("modern", token)
            .header("MCP-Protocol-Version", GatewayWorld.MODERN)
            .header("Mcp-Method", "subscriptions/listen")
            .POST(
                BodyPublishers.ofString(
                    body(
                        "subscriptions/listen",
                        9,
                        "\"notifications\":{\"toolsListChanged\":true},")))
            .build();
    try {
      var in = world.client().send(request, BodyHandlers.ofInputStream()).body();
      return new News(in, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("listen", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while listening", e);
    }
  }
}
