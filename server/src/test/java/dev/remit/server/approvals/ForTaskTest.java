package dev.remit.server.approvals;

import static dev.remit.server.approvals.ApprovalsWorld.BEA;
import static dev.remit.server.approvals.ApprovalsWorld.CARL;
import static dev.remit.server.approvals.ApprovalsWorld.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.policy.Quorum;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.tokens.Party;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One answer for several calls of a task: bounded, counted, and gone with what it rested on.
@Tag("R172")
class ForTaskTest {
  private static final Terms FIVE = one(5);
  private final ApprovalsWorld world = new ApprovalsWorld();

  @AfterEach
  void every_row_is_accounted_for() {
    world.close();
  }

  @Test
  void further_calls_go_on_by_themselves_until_the_uses_are_taken() {
    var given = given(3, "invoice");

    var second = world.held(invoice(2), FIVE);
    var third = world.held(invoice(3), FIVE);
    var fourth = world.held(invoice(4), FIVE);

    assertThat(List.of(second, third))
        .allSatisfy(use -> {
          assertThat(use.state()).isEqualTo(State.GRANTED);
          assertThat(use.under()).contains(given.id());
          assertThat(use.answer().orElseThrow().by()).isEqualTo("bea");
          assertThat(world.make(use)).isTrue();
          assertThat(world.make(use)).isFalse();
        });
    assertThat(fourth.state()).isEqualTo(State.PENDING);
    assertThat(world.approvals.allowance(given.id()).orElseThrow().state())
        .isEqualTo(Allowance.State.SPENT);
    assertThat(world.entries("allowance.given")).hasSize(1);
    assertThat(world.entries("allowance.ended").getFirst().path("outcome").stringValue())
        .isEqualTo("spent");
  }

  @Test
  void a_retry_of_one_call_takes_no_second_use() {
    var given = given(3, "invoice");
    var second = world.held(invoice(2), FIVE);

    assertThat(world.held(invoice(2), FIVE).id()).isEqualTo(second.id());
    assertThat(world.approvals.allowance(given.id()).orElseThrow().used()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"invoice\":\"2\",\"to\":\"mallory\"}",
        "{\"invoice\":\"2\"}",
        "{\"invoice\":\"2\",\"to\":\"acme\",\"more\":1}",
        "[\"2\"]"
      })
  void arguments_that_were_not_left_free_have_to_be_the_same(String other) {
    given(5, "invoice");

    assertThat(world.held(other, FIVE).state()).isEqualTo(State.PENDING);
  }

  @Test
  void nothing_is_free_that_nobody_named() {
    var held = world.held(invoice(1), FIVE);
    world.agreeForTask(held, BEA, new ForTask(5, world.now.plusSeconds(60), Set.of()));

    assertThat(world.held(invoice(2), FIVE).state()).isEqualTo(State.PENDING);
  }

  @Test
  void two_account_numbers_that_a_double_takes_for_one_are_two() {
    var first = world.held("{\"account\":9007199254740993,\"n\":1}", FIVE);
    world.agreeForTask(first, BEA, new ForTask(5, world.now.plusSeconds(60), Set.of("n")));

    assertThat(world.held("{\"account\":9007199254740992,\"n\":2}", FIVE).state())
        .isEqualTo(State.PENDING);
    assertThat(world.held("{\"account\":9007199254740993,\"n\":2}", FIVE).state())
        .isEqualTo(State.GRANTED);
  }

  @Test
  void another_task_and_a_call_held_on_other_terms_are_not_covered() {
    given(5, "*");

    var otherTask = world.attach(TaskId.fresh(world.now), invoice(2), FIVE);
    var stricter = world.held(invoice(3), FIVE.and(Terms.of(Set.of(Role.SECURITY))));

    assertThat(((Attached.To) otherTask).approval().state()).isEqualTo(State.PENDING);
    assertThat(stricter.state()).isEqualTo(State.PENDING);
  }

  @Test
  void policy_and_settings_bound_what_may_be_agreed_to() {
    var each = world.held(invoice(1), one(1));
    var some = world.held(invoice(2), FIVE);
    var soon = world.now.plusSeconds(60);

    assertThat(world.agreeForTask(each, BEA, new ForTask(2, soon, Set.of())))
        .isInstanceOf(Settlement.NotForTask.class);
    assertThat(world.agreeForTask(some, BEA, new ForTask(6, soon, Set.of())))
        .isInstanceOf(Settlement.NotForTask.class);
    assertThat(
            world.agreeForTask(
                some, BEA, new ForTask(2, world.now.plus(Duration.ofHours(2)), Set.of())))
        .isInstanceOf(Settlement.NotForTask.class);
    assertThat(world.agreeForTask(some, BEA, new ForTask(2, world.now, Set.of())))
        .isInstanceOf(Settlement.NotForTask.class);
    assertThat(world.read(some).state()).isEqualTo(State.PENDING);
    assertThat(world.read(some).agreements()).isEmpty();
  }

  @Test
  void of_two_who_agree_the_least_counts() {
    var terms = new Terms(Set.of(new Quorum(2, Set.of(Role.APPROVER))), 10, Set.of());
    var held = world.held(invoice(1), terms);
    var until = world.now.plusSeconds(60);

    world.agreeForTask(held, BEA, new ForTask(5, until.plusSeconds(9), Set.of("invoice", "to")));
    world.agreeForTask(held, CARL, new ForTask(3, until, Set.of("*")));

    assertThat(world.approvals.allowance(held.id()).orElseThrow().limits())
        .isEqualTo(new ForTask(3, until, Set.of("invoice", "to")));
  }

  @Test
  void one_of_two_who_agrees_to_this_call_only_makes_it_this_call_only() {
    var terms = new Terms(Set.of(new Quorum(2, Set.of(Role.APPROVER))), 10, Set.of());
    var held = world.held(invoice(1), terms);

    world.agreeForTask(held, BEA, new ForTask(5, world.now.plusSeconds(60), Set.of("*")));
    world.agree(held, CARL);

    assertThat(world.approvals.allowance(held.id())).isEmpty();
    assertThat(world.read(held).state()).isEqualTo(State.GRANTED);
  }

  @Test
  void a_change_ends_it_and_says_so_to_the_owner() {
    var given = given(5, "invoice");
    world.policies = Digest.of("others");

    assertThat(world.held(invoice(2), FIVE).state()).isEqualTo(State.PENDING);

    assertThat(world.approvals.allowance(given.id()).orElseThrow().state())
        .isEqualTo(Allowance.State.VOID);
    assertThat(world.entries("allowance.ended").getFirst().path("why").stringValue())
        .isEqualTo("the policies have changed");
    assertThat(world.kindsOfFindings()).containsExactly("approval-void");
  }

  @Test
  void whoever_gave_it_takes_it_along_when_they_leave() {
    given(5, "invoice");
    world.person(BEA, Role.PRIVACY);

    assertThat(world.held(invoice(2), FIVE).state()).isEqualTo(State.PENDING);
  }

  @Test
  void time_the_end_of_the_task_and_a_suspension_end_it() {
    var byTime = given(5, "invoice");
    world.pass(Duration.ofSeconds(61));
    assertThat(world.held(invoice(2), FIVE).state()).isEqualTo(State.PENDING);
    assertThat(state(byTime)).isEqualTo(Allowance.State.LAPSED);

    var byTask = given(5, "to");
    world.approvals.cancel(world.task, world.now);
    assertThat(state(byTask)).isEqualTo(Allowance.State.VOID);

    var byStop = given(5, "invoice");
    world.approvals.cancel(Party.of(ApprovalsWorld.AGENT), List.of(), world.now);
    assertThat(state(byStop)).isEqualTo(Allowance.State.VOID);
    assertThat(world.held(invoice(4), FIVE).state()).isEqualTo(State.PENDING);
  }

  @Test
  void many_calls_at_once_take_exactly_the_uses_there_are() {
    given(5, "invoice");

    List<Approval> got;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      got =
          IntStream.range(2, 42)
              .mapToObj(
                  n -> CompletableFuture.supplyAsync(() -> world.held(invoice(n), FIVE), threads))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
    }

    assertThat(got.stream().filter(one -> one.state() == State.GRANTED)).hasSize(4);
    assertThat(got.stream().filter(one -> one.state() == State.PENDING)).hasSize(36);
  }

  @ParameterizedTest
  @EnumSource
  void a_use_whose_commit_failed_is_found_again_or_taken_once(Fault fault) {
    var given = given(3, "invoice");
    world.faults.fail(fault, "SELECT 1 FROM approval WHERE under IS NOT NULL");

    world.trying(() -> world.held(invoice(2), FIVE));
    var again = world.held(invoice(2), FIVE);

    assertThat(again.state()).isEqualTo(State.GRANTED);
    assertThat(world.approvals.allowance(given.id()).orElseThrow().used()).isEqualTo(2);
  }

  private Allowance.State state(Approval given) {
    return world.approvals.allowance(given.id()).orElseThrow().state();
  }

  /// An approval for the task, whose own call was made.
  private Approval given(int uses, String free) {
    var held = world.held(invoice(world.entries("approval.opened").size() + 100), FIVE);
    assertThat(
            world.agreeForTask(
                held, BEA, new ForTask(uses, world.now.plusSeconds(60), Set.of(free))))
        .isInstanceOf(Settlement.Granted.class);
    assertThat(world.make(world.read(held))).isTrue();
    return world.read(held);
  }

  private static String invoice(int number) {
    return "{\"invoice\":\"" + number + "\",\"to\":\"acme\"}";
  }
}
