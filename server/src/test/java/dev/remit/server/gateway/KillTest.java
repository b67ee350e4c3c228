package dev.remit.server.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.registry.Authentication;
import dev.remit.server.tokens.Party;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The owner says stop: what is under way ends within a second.
@Tag("R170")
class KillTest {
  private static final String PATH = "{\"path\":\"a\"}";
  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  /// Once it has begun on the agent's side. A cut that comes while its head is written closes the
  /// connection.
  @Test
  void a_stream_is_cut_in_the_middle() throws Exception {
    world.upstream.on(
        "tools/call",
        (exchange, _) -> {
          var out = TestUpstream.events(exchange, ": begun\n\n");
          Thread.sleep(20_000);
          out.close();
        });
    var call = world.calling(world.token(), "read_file", PATH).build();
    var got = world.client().send(call, HttpResponse.BodyHandlers.ofInputStream());
    try (var stream = got.body()) {
      var begun = new String(stream.readNBytes(7), UTF_8);
      world.suspend();

      assertThat(begun + new String(stream.readAllBytes(), UTF_8))
          .startsWith(": begun")
          .contains("was suspended");
    }
    var decision = got.headers().firstValue("Remit-Decision").orElse("");
    assertThat(world.ended(decision).path("outcome").asString("")).isEqualTo("cut");
  }

  @Test
  void a_call_to_a_resource_that_is_suspended_is_cut_and_another_resource_is_not() {
    world.upstream.on("tools/call", (_, _) -> Thread.sleep(20_000));
    assertCut("cut", () -> world.suspend(Party.of(new ResourceName("files"))));
  }

  @Test
  @Tag("R65")
  void a_call_that_one_key_has_vouched_for_is_cut_with_the_key() {
    world.upstream.on("tools/call", (_, _) -> Thread.sleep(20_000));
    assertCut(
        "cut", () -> world.suspend(Party.key(Authentication.thumbprint(world.key.toPublicJWK()))));
  }

  @Test
  void a_call_that_waits_for_its_upstream_is_cut() {
    world.upstream.on("tools/call", (_, _) -> Thread.sleep(20_000));
    assertCut("cut");
  }

  private void assertCut(String told) {
    assertCut(told, world::suspend);
  }

  private void assertCut(String told, Runnable suspend) {
    var token = world.token();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var call = CompletableFuture.supplyAsync(() -> world.call(token, "read_file", PATH), threads);
      await().until(() -> world.upstream.count("tools/call") == 1);

      long start = System.nanoTime();
      suspend.run();
      var got = call.join();
      var took = Duration.ofNanos(System.nanoTime() - start);

      assertThat(got.body()).contains(told, "was suspended");
      assertThat(took).isLessThan(Duration.ofSeconds(5));
      assertThat(world.ended(GatewayWorld.decision(got)).path("outcome").asString(""))
          .isEqualTo("cut");
    }
    assertThat(world.call(token, "read_file", PATH).statusCode()).isEqualTo(401);
  }

  /// A suspension between the decision and the forwarding finds an exchange to cut, or is seen by
  /// the last look; nothing is sent in either case.
  @Test
  void nothing_is_sent_when_the_stop_comes_between_decision_and_forwarding() {
    var decided = new CountDownLatch(1);
    world.policy.rule =
        _ -> {
          if (decided.getCount() > 0) {
            decided.countDown();
            world.suspend();
          }
          return RuledDecisions.ALLOW;
        };

    var got = world.call(world.token(), "read_file", PATH);

    assertThat(GatewayWorld.reason(got)).isEqualTo("cut");
    assertThat(world.upstream.count("tools/call")).isZero();
  }
}
