package dev.remit.server.approvals;

import static dev.remit.server.approvals.ApprovalsWorld.BEA;
import static dev.remit.server.approvals.ApprovalsWorld.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.TaskId;
import dev.remit.server.approvals.Approval.State;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// People are not worn down, and those who wait cost little.
@Tag("R93")
class CrowdTest {

  private static ApprovalsConfig crowding(ApprovalsConfig.Crowding crowding) {
    var roomy = ApprovalsWorld.ROOMY;
    return new ApprovalsConfig(
        roomy.outcomeFor(), roomy.outcomeBytesMax(), roomy.reminding(), roomy.forTask(), crowding);
  }

  private static String invoice(int number) {
    return "{\"invoice\":" + number + "}";
  }

  @Test
  void a_task_that_asks_too_much_is_told_so_and_security_has_a_finding() {
    var limits = new ApprovalsConfig.Crowding(3, 100, 100, 100, Duration.ofMinutes(10));
    try (var world = new ApprovalsWorld(crowding(limits))) {
      var held = IntStream.range(0, 3).mapToObj(n -> world.held(invoice(n), one(1))).toList();

      var refused =
          IntStream.range(3, 200).mapToObj(n -> world.attach(world.task, invoice(n), one(1)));

      assertThat(refused)
          .allSatisfy(got ->
              assertThat(got)
                  .isEqualTo(
                      new Attached.TooMany(
                          new Attached.Crowd("task", world.task.value(), true, 3))));
      assertThat(world.kindsOfFindings()).containsExactly("approver-worn-down");
      assertThat(world.entries("approval.opened")).hasSize(3);
      // What waits already is still found, and an answer makes room for another.
      assertThat(world.held(invoice(1), one(1)).id()).isEqualTo(held.get(1).id());
      world.decline(held.getFirst(), BEA);
      assertThat(world.held(invoice(300), one(1)).state()).isEqualTo(State.PENDING);
    }
  }

  @Test
  void many_tasks_of_one_identity_and_one_that_repeats_itself_meet_their_own_limits() {
    var limits = new ApprovalsConfig.Crowding(10, 4, 100, 6, Duration.ofMinutes(10));
    try (var world = new ApprovalsWorld(crowding(limits))) {
      for (int i = 0; i < 4; i++) {
        world.attach(TaskId.fresh(world.now), invoice(1), one(1));
      }

      var fifth = world.attach(TaskId.fresh(world.now), invoice(1), one(1));
      for (var waiting : world.approvals.list(true)) {
        world.decline(waiting, BEA);
      }
      for (int i = 0; i < 2; i++) {
        world.attach(TaskId.fresh(world.now), invoice(1), one(1));
      }
      var seventh = world.attach(TaskId.fresh(world.now), invoice(1), one(1));
      world.pass(Duration.ofMinutes(11));
      var later = world.attach(TaskId.fresh(world.now), invoice(1), one(1));

      assertThat(fifth)
          .isEqualTo(
              new Attached.TooMany(new Attached.Crowd("identity", "invoice-agent", true, 4)));
      assertThat(seventh)
          .isEqualTo(
              new Attached.TooMany(new Attached.Crowd("identity", "invoice-agent", false, 6)));
      assertThat(later).isInstanceOf(Attached.To.class);
    }
  }

  @Test
  void what_waits_is_grouped_like_with_like() {
    try (var world = new ApprovalsWorld()) {
      IntStream.range(0, 70).forEach(n -> world.held(invoice(n), one(1)));
      var other = TaskId.fresh(world.now);
      world.attach(other, invoice(1), one(1));

      var groups = world.approvals.groups();

      assertThat(groups).extracting(Group::waiting).containsExactly(70L, 1L);
      assertThat(groups).extracting(Group::task).containsExactly(world.task, other);
      assertThat(groups.getFirst().ids()).hasSize(50);
    }
  }

  @Test
  void people_are_told_again_then_the_escalation_contact_and_in_the_end_it_lapses() {
    try (var world = new ApprovalsWorld()) {
      var held = world.held(invoice(1), one(1));
      world.told.clear();

      world.pass(Duration.ofMinutes(4));
      world.approvals.lapse(world.now);
      assertThat(world.told).isEmpty();
      world.pass(Duration.ofMinutes(1));
      world.approvals.lapse(world.now);
      world.approvals.lapse(world.now);
      assertThat(world.told).containsExactly("reminded " + held.id());
      world.pass(Duration.ofMinutes(3));
      world.approvals.lapse(world.now);
      world.approvals.lapse(world.now);
      world.pass(Duration.ofMinutes(2));
      world.approvals.lapse(world.now);

      assertThat(world.told)
          .containsExactly(
              "reminded " + held.id(), "escalated " + held.id(), "LAPSED by remit " + held.id());
      assertThat(world.entries("approval.reminded"))
          .extracting(entry -> entry.path("escalated").booleanValue())
          .containsExactly(false, true);
      assertThat(world.make(world.read(held))).isFalse();
    }
  }

  @Test
  void whoever_agreed_is_not_reminded_and_a_restart_reminds_nobody_twice() {
    try (var world = new ApprovalsWorld()) {
      var granted = world.held(invoice(1), one(1));
      world.agree(granted, BEA);
      var waiting = world.held(invoice(2), one(1));
      world.pass(Duration.ofMinutes(6));
      world.told.clear();

      world.approvals.lapse(world.now);
      world.restart();
      world.approvals.lapse(world.now);

      assertThat(world.told).containsExactly("reminded " + waiting.id());
    }
  }

  /// Ten thousand would be the same: rows, and virtual threads for as long as agents wait.
  @Test
  void thousands_of_held_calls_cost_no_threads_and_all_hear_of_their_end() {
    try (var world = new ApprovalsWorld();
        var waiters = Executors.newVirtualThreadPerTaskExecutor()) {
      var held = IntStream.range(0, 2_000).mapToObj(n -> world.held(invoice(n), one(1))).toList();
      int before = ManagementFactory.getThreadMXBean().getThreadCount();

      var waiting =
          held.stream()
              .map(one -> CompletableFuture.supplyAsync(() -> awaited(world, one), waiters))
              .toList();
      await().atMost(Duration.ofSeconds(30)).until(() -> world.approvals.waiting() == held.size());
      int during = ManagementFactory.getThreadMXBean().getThreadCount();
      world.pass(Duration.ofMinutes(10));
      int lapsed = world.approvals.lapse(world.now);

      assertThat(during - before).as("platform threads").isLessThan(40);
      assertThat(lapsed).isEqualTo(held.size());
      assertThat(waiting.stream().map(CompletableFuture::join).toList())
          .hasSameSizeAs(held)
          .containsOnly(State.LAPSED);
      System.out.println(
          held.size() + " held calls waited on " + (during - before) + " more platform threads");
    }
  }

  private static State awaited(ApprovalsWorld world, Approval one) {
    try {
      return world.approvals.await(one.id(), Duration.ofSeconds(60)).state();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
