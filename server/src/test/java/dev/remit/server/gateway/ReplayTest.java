package dev.remit.server.gateway;

import static dev.remit.server.gateway.HeldPayments.INVOICE;
import static dev.remit.server.gateway.HeldPayments.answer;
import static dev.remit.server.gateway.HeldPayments.approval;
import static dev.remit.server.gateway.HeldPayments.granted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.ApprovalsConfig;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.TestDatabase;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An approved call is made once. Its repeat gets the outcome that is known, and nothing is made up
/// where none is.
@Tag("R172")
class ReplayTest {
  private static final Duration REPLAYED_FOR = Duration.ofSeconds(30);
  private static final String USED =
      "SELECT 1 FROM approval WHERE state = 'CONSUMED' AND xmin::text::bigint = txid_current()";
  private static final String DECIDED =
      "SELECT 1 FROM ledger_entry WHERE type = 'call.decided'"
          + " AND convert_from(bytes, 'UTF8') LIKE '%\"approval\":%'"
          + " AND xmin::text::bigint = txid_current()";
  private static final String KEPT =
      "SELECT 1 FROM approval_outcome WHERE state <> 'UNKNOWN'"
          + " AND xmin::text::bigint = txid_current()";

  private final GatewayWorld world =
      new GatewayWorld(
          GatewayWorld.patience(Duration.ofSeconds(5), Duration.ofSeconds(1)),
          new ApprovalsConfig(REPLAYED_FOR, 10_000));
  private final String token = world.token();

  @BeforeEach
  void paying_is_held() {
    world.policy.rule = HeldPayments.holding("pay");
  }

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void a_replayed_answer_is_the_same_answer_to_the_new_request() {
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.json(
                exchange,
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + message.get("id")
                    + ",\"result\":{\"content\":[],\"structuredContent\":"
                    + "{\"paid\":1.10,\"no\":123456789012345678901}}}"));
    var held = granted(world, token);
    var first = pay();

    var repeat =
        world.post(
            token, GatewayWorld.callBody("pay", INVOICE).replace("\"id\":7", "\"id\":\"x\""));

    assertThat(first.body()).contains("1.10");
    assertThat(repeat.body())
        .contains("\"id\":\"x\"", "\"paid\":1.10", "123456789012345678901", Replay.MEMBER)
        .contains(held.id().value(), GatewayWorld.decision(first));
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
    assertThat(world.ended(GatewayWorld.decision(repeat)).path("outcome").stringValue())
        .isEqualTo("replayed");
  }

  @Test
  void doing_it_again_is_said_and_asks_a_person_anew() {
    var first = granted(world, token);
    pay();

    var again = payAgain(first);
    var repeated = payAgain(first);

    assertThat(GatewayWorld.reason(again)).isEqualTo("awaiting-approval");
    assertThat(approval(world, again).id()).isNotEqualTo(first.id());
    assertThat(approval(world, repeated).id()).isEqualTo(approval(world, again).id());
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void doing_it_again_is_done_once_more_and_replayed_like_any() {
    var first = granted(world, token);
    pay();
    var second = approval(world, payAgain(first));
    answer(world, second.id(), "bea", true);

    var made = payAgain(first);
    var repeat = payAgain(first);

    assertThat(made.body()).contains("done").doesNotContain(Replay.MEMBER);
    assertThat(repeat.body()).contains(Replay.MEMBER, second.id().value());
    assertThat(world.upstream.count("tools/call")).isEqualTo(2);
  }

  @Test
  void two_retries_at_once_make_one_call_and_get_one_answer() throws Exception {
    world.upstream.on(
        "tools/call",
        (exchange, message) -> {
          Thread.sleep(300);
          TestUpstream.json(exchange, TestUpstream.result(message, TestUpstream.said("done")));
        });
    granted(world, token);
    List<String> bodies;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = CompletableFuture.supplyAsync(this::pay, threads);
      var other = CompletableFuture.supplyAsync(this::pay, threads);

      bodies = List.of(one.get().body(), other.get().body());
    }

    assertThat(bodies).allSatisfy(body -> assertThat(body).contains("done"));
    assertThat(bodies.stream().filter(body -> body.contains(Replay.MEMBER))).hasSize(1);
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  /// A use of the approval that was lost sends nothing, and the approval is still good. One that
  /// was stored although its confirmation was lost is read back by the ledger, and the call is
  /// made.
  @ParameterizedTest
  @EnumSource
  void a_use_of_the_approval_that_seemed_to_fail_makes_at_most_one_call(Fault fault) {
    granted(world, token);
    world.faults.fail(fault, USED);

    var first = pay();
    var repeat = pay();

    assertThat(world.faults.hasFailed()).isTrue();
    switch (fault) {
      case LOST -> assertThat(GatewayWorld.reason(first)).isEqualTo("not-recorded");
      case STORED -> assertThat(first.body()).contains("done");
    }
    assertThat(repeat.body()).contains("done");
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  /// The ledger repeats a lost append and reads back one that was stored; the call waits for it.
  @ParameterizedTest
  @EnumSource
  void a_decision_whose_recording_seemed_to_fail_makes_at_most_one_call(Fault fault) {
    granted(world, token);
    world.faults.fail(fault, DECIDED);

    var first = pay();
    var repeat = pay();

    assertThat(world.faults.hasFailed()).isTrue();
    assertThat(first.body()).contains("done");
    assertThat(repeat.body()).contains("done", Replay.MEMBER);
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  /// As after a crash between the use of the approval and the outcome of the call.
  @Test
  void a_use_without_an_outcome_is_told_as_unknown_and_never_made_again() {
    var held = granted(world, token);
    world.approvals.consume(held, DecisionId.fresh(Instant.now()), Instant.now());

    var repeat = pay();

    assertThat(GatewayWorld.reason(repeat)).isEqualTo("outcome-unknown");
    assertThat(GatewayWorld.refusal(repeat).path("next").asString("")).contains("dev.remit/again");
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  /// The call was made; that its outcome could not be kept does not make it again.
  @ParameterizedTest
  @EnumSource
  void a_failure_to_keep_the_outcome_is_told_as_unknown_or_replayed(Fault fault) {
    granted(world, token);
    world.faults.fail(fault, KEPT);

    var first = pay();
    var repeat = pay();

    assertThat(first.body()).contains("done");
    switch (fault) {
      case LOST ->
          assertThat(GatewayWorld.refusal(repeat).path("next").asString(""))
              .contains("dev.remit/again");
      case STORED -> assertThat(repeat.body()).contains("done", Replay.MEMBER);
    }
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void a_call_that_broke_off_is_not_made_again() {
    world.upstream.on("tools/call", (exchange, _) -> exchange.close());
    granted(world, token);
    pay();

    var repeat = pay();

    assertThat(GatewayWorld.reason(repeat)).isIn("outcome-unknown", "awaiting-approval");
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void a_call_that_the_server_answered_with_an_error_is_replayed_as_that() {
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.json(
                exchange,
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + message.get("id")
                    + ",\"error\":{\"code\":-1,\"message\":\"no funds\"}}"));
    granted(world, token);
    pay();

    var repeat = pay();

    assertThat(repeat.body()).contains("no funds");
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void an_answer_too_large_to_keep_is_told_as_executed() {
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.json(
                exchange, TestUpstream.result(message, TestUpstream.said("x".repeat(20_000)))));
    granted(world, token);
    pay();

    var repeat = pay();

    assertThat(GatewayWorld.reason(repeat)).isEqualTo("outcome-not-kept");
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void what_is_kept_is_sealed_and_goes_when_its_time_is_up() {
    granted(world, token);
    pay();
    await().until(() -> pay().body().contains(Replay.MEMBER));

    var stored =
        world.stored("SELECT coalesce(encode(answer, 'escape'), '') AS text FROM approval_outcome");
    world.approvals.lapse(Instant.now().plus(REPLAYED_FOR));
    var later = world.stored("SELECT approval AS text FROM approval_outcome");

    assertThat(stored).hasSize(1).noneMatch(text -> text.contains("done"));
    assertThat(later).isEmpty();
    assertThat(GatewayWorld.reason(pay())).isEqualTo("awaiting-approval");
  }

  @Test
  void what_waits_for_a_person_is_sealed_too() {
    world.call(token, "pay", INVOICE);

    var stored = world.stored("SELECT approval::text AS text FROM approval");

    assertThat(stored).hasSize(1).noneMatch(text -> text.contains("invoice\""));
    assertThat(world.approvals.list(true).getFirst().shown()).contains(INVOICE);
  }

  @Test
  void the_end_of_the_task_erases_the_outcome() {
    granted(world, token);
    pay();

    world.suspend();

    await().until(() -> world.stored("SELECT approval AS text FROM approval_outcome").isEmpty());
  }

  @Test
  void a_suspension_between_agreement_and_repeat_sends_nothing() {
    var held = granted(world, token);

    world.suspend();
    var got = pay();

    assertThat(got.statusCode()).isEqualTo(401);
    assertThat(world.upstream.count("tools/call")).isZero();
    await()
        .untilAsserted(() ->
            assertThat(world.approvals.find(held.id()).orElseThrow().state())
                .isEqualTo(Approval.State.VOID));
  }

  @Test
  void a_change_of_policy_while_the_request_waits_voids_the_approval() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = CompletableFuture.supplyAsync(this::pay, threads);
      await().until(() -> !world.approvals.list(true).isEmpty());
      var held = world.approvals.list(true).getFirst();
      world.policy.version = Digest.of("two");

      answer(world, held.id(), "bea", true);

      assertThat(GatewayWorld.reason(waiting.get())).isEqualTo("approval-void");
      assertThat(world.approvals.find(held.id()).orElseThrow().state())
          .isEqualTo(Approval.State.VOID);
    }
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void a_tool_that_changed_while_the_request_waited_is_not_called() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = CompletableFuture.supplyAsync(this::pay, threads);
      await().until(() -> !world.approvals.list(true).isEmpty());
      world.upstream.offers(TestUpstream.tool("pay", "Pays anything", "invoice"));
      world.declare(GatewayWorld.toolManifest("pay", "invoice", world.upstream.digest("pay")));

      answer(world, world.approvals.list(true).getFirst().id(), "bea", true);

      assertThat(GatewayWorld.reason(waiting.get())).isIn("approval-void", "definition-changed");
    }
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void an_agreement_that_came_too_late_is_worth_nothing() {
    var held = approval(world, world.call(token, "pay", INVOICE));

    world.approvals.lapse(held.lapsesAt());
    var answered = answer(world, held.id(), "bea", true);
    var repeat = pay();

    assertThat(answered).isInstanceOf(Approval.Settlement.Settled.class);
    assertThat(approval(world, repeat).id()).isNotEqualTo(held.id());
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void a_database_that_was_away_in_between_changes_nothing() {
    granted(world, token);
    TestDatabase.cut(world.where);

    var released = await().until(this::pay, got -> got.body().contains("done"));

    assertThat(released.body()).contains("done");
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  private HttpResponse<String> pay() {
    return world.call(token, "pay", INVOICE);
  }

  private HttpResponse<String> payAgain(Approval after) {
    var body = GatewayWorld.callBody("pay", INVOICE);
    return world.post(
        token,
        body.substring(0, body.length() - 2)
            + ",\"_meta\":{\"dev.remit/again\":\""
            + after.id()
            + "\"}}}");
  }
}
