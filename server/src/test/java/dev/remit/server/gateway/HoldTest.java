package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.ModelName;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.tokens.Party;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A held call waits for another person, and happens once.
@Tag("R172")
class HoldTest {
  private static final String INVOICE = "{\"invoice\":\"17\"}";
  private final GatewayWorld world =
      new GatewayWorld(GatewayWorld.patience(Duration.ofSeconds(5), Duration.ofMillis(1_500)));

  @BeforeEach
  void paying_is_held() {
    world.policy.rule = HeldPayments.holding("pay");
  }

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void a_held_call_is_not_executed_and_says_what_it_awaits() {
    var got = world.call(world.token(), "pay", INVOICE);

    assertThat(GatewayWorld.reason(got)).isEqualTo("awaiting-approval");
    assertThat(got.body()).contains("\"isError\":true", "not executed, awaiting approval");
    assertThat(approval(got).binding().wanted().item()).isEqualTo("files/pay");
    assertThat(world.upstream.count("tools/call")).isZero();
    assertThat(world.entries("approval.opened")).hasSize(1);
  }

  @Test
  void a_call_that_is_agreed_to_while_it_waits_goes_on() throws Exception {
    var token = world.token();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = CompletableFuture.supplyAsync(() -> world.call(token, "pay", INVOICE), threads);
      await().until(() -> !world.approvals.list(true).isEmpty());

      var settled = answer(world.approvals.list(true).getFirst().id(), "bea", true);

      assertThat(settled).isInstanceOf(Settlement.Granted.class);
      assertThat(waiting.get().body()).contains("done");
    }
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void the_identical_call_is_released_once_and_a_repeat_gets_its_outcome() {
    var token = world.token();
    var held = approval(world.call(token, "pay", INVOICE));
    answer(held.id(), "bea", true);

    var released = world.call(token, "pay", "{ \"invoice\" : \"17\" }");
    var again = world.call(token, "pay", INVOICE);

    assertThat(released.body()).contains("done").doesNotContain(Replay.MEMBER);
    assertThat(again.body()).contains("done", Replay.MEMBER, held.id().value());
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
    assertThat(
            world.entries("call.decided").stream()
                .filter(entry -> entry.path("approval").asString("").equals(held.id().value())))
        .hasSize(1);
  }

  @Test
  @Tag("R206")
  void what_was_shown_answered_and_kept_for_a_repeat_is_erased_with_the_task() {
    var token = world.token();
    var held = approval(world.call(token, "pay", INVOICE));
    var task = held.binding().task();
    var other = approval(world.call(token, "pay", "{\"invoice\":\"99\"}"));
    answer(held.id(), "bea", true);
    world.call(token, "pay", INVOICE);
    assertThat(other.shown().orElseThrow()).contains("99");
    assertThat(world.approvals.find(held.id()).orElseThrow().answer()).isPresent();

    world.erase(task);

    assertThat(world.approvals.find(other.id()).orElseThrow().shown()).isEmpty();
    assertThat(world.approvals.find(held.id()).orElseThrow().answer().orElseThrow().reason())
        .isEqualTo("(erased)");
    assertThat(world.outcome(held.id())).isEmpty();
    assertThat(world.stored("SELECT state AS text FROM approval_outcome"))
        .containsExactly("ANSWERED");
  }

  @Test
  void an_approval_covers_no_other_arguments() {
    var token = world.token();
    answer(approval(world.call(token, "pay", INVOICE)).id(), "bea", true);

    var other = world.call(token, "pay", "{\"invoice\":\"18\"}");

    assertThat(GatewayWorld.reason(other)).isEqualTo("awaiting-approval");
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void nobody_approves_their_own_request() {
    var id = approval(world.call(world.token(), "pay", INVOICE)).id();

    var owner = answer(id, "anna", true);

    assertThat(owner).isInstanceOf(Settlement.OwnRequest.class);
    assertThat(world.approvals.find(id).orElseThrow().state()).isEqualTo(Approval.State.PENDING);
  }

  @Test
  void a_declined_call_says_so_and_asks_anew_when_repeated() {
    var token = world.token();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = CompletableFuture.supplyAsync(() -> world.call(token, "pay", INVOICE), threads);
      await().until(() -> !world.approvals.list(true).isEmpty());
      answer(world.approvals.list(true).getFirst().id(), "bea", false);

      assertThat(GatewayWorld.reason(waiting.join())).isEqualTo("approval-declined");
    }
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void a_change_of_policy_or_definition_voids_what_was_agreed() {
    var token = world.token();
    answer(approval(world.call(token, "pay", INVOICE)).id(), "bea", true);
    world.policy.version = dev.remit.kernel.canonical.Digest.of("two");

    var got = world.call(token, "pay", INVOICE);

    assertThat(GatewayWorld.reason(got)).isEqualTo("awaiting-approval");
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void a_suspension_cancels_what_is_held() {
    var id = approval(world.call(world.token(), "pay", INVOICE)).id();

    world.suspend();

    await()
        .untilAsserted(() ->
            assertThat(world.approvals.find(id).orElseThrow().state())
                .isEqualTo(Approval.State.VOID));
  }

  @Test
  @Tag("R170")
  void the_suspension_of_a_model_cancels_what_is_held_of_those_it_decides_for() {
    world.decidedByModel("clerk");
    var id = approval(world.call(world.token(), "pay", INVOICE)).id();

    world.suspend(Party.of(new ModelName("clerk")));

    await()
        .untilAsserted(() ->
            assertThat(world.approvals.find(id).orElseThrow().state())
                .isEqualTo(Approval.State.VOID));
  }

  private Settlement answer(ApprovalId id, String person, boolean agrees) {
    return HeldPayments.answer(world, id, person, agrees);
  }

  private Approval approval(HttpResponse<String> answer) {
    return HeldPayments.approval(world, answer);
  }
}
