package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.server.decisions.Usage;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a task has done is not forgotten by a restart.
@Tag("R99")
class TaskUseTest {
  private static final String PATH = "{\"path\":\"a\"}";
  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void a_restarted_gateway_sees_what_a_task_has_called_and_touched_before() {
    var token = world.token();
    var _ = world.call(token, "read_file", PATH);
    var _ = world.call(token, "read_file", PATH);
    world.restart();

    var _ = world.call(token, "pay", "{\"invoice\":\"1\"}");

    var task = world.policy.asked.getLast().task();
    assertThat(task.usage().calls()).isEqualTo(2);
    assertThat(task.usage().perTool()).containsEntry("files/read_file", 2L);
    assertThat(task.usage().touched()).isEqualTo(Set.of("internal"));
  }

  @Test
  @Tag("R95")
  void rates_and_volume_are_seen_by_the_next_call_and_survive_a_restart() {
    var token = world.token();
    var other = world.token();
    var _ = world.call(token, "read_file", PATH);
    var _ = world.call(token, "read_file", PATH);
    var _ = world.call(other, "read_file", PATH);
    await().untilAsserted(() -> assertThat(seen(token).bytes()).isPositive());

    var before = seen(token);
    world.restart();
    var after = seen(token);

    assertThat(before.lastMinute()).isGreaterThanOrEqualTo(2);
    assertThat(before.identityLastMinute()).isGreaterThan(before.lastMinute());
    assertThat(after.bytes()).isGreaterThanOrEqualTo(before.bytes());
    assertThat(after.lastMinute()).isGreaterThan(before.lastMinute());
    assertThat(after.identityLastMinute()).isGreaterThan(before.identityLastMinute());
    assertThat(after.tools()).isEqualTo(2);
  }

  /// What policy saw of the task when it called once more.
  private Usage seen(String token) {
    var _ = world.call(token, "pay", "{\"invoice\":\"1\"}");
    return world.policy.asked.getLast().task().usage();
  }

  @Test
  void a_rule_over_a_sequence_holds_across_a_restart() {
    var token = world.token();
    world.policy.rule =
        question ->
            question.task().usage().touched().contains("internal")
                    && question.target().toString().contains("pay")
                ? RuledDecisions.DENY
                : RuledDecisions.ALLOW;
    var _ = world.call(token, "read_file", PATH);
    world.restart();

    var sent = world.call(token, "pay", "{\"invoice\":\"1\"}");

    assertThat(GatewayWorld.reason(sent)).isEqualTo("denied-by-policy");
  }

  @Test
  @Tag("R95")
  void of_calls_that_come_at_once_no_more_go_on_than_a_rule_has_room_for() throws Exception {
    world.policy.rule =
        question ->
            question.task().usage().calls() >= 5 ? RuledDecisions.DENY : RuledDecisions.ALLOW;
    var token = world.token();

    try (var agents = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        var _ = agents.submit(() -> world.call(token, "read_file", PATH));
      }
    }

    assertThat(world.entries("call.decided"))
        .filteredOn(entry -> entry.path("decision").asString("").equals("allow"))
        .hasSize(5);
  }

  @Test
  void a_restart_gives_no_calls_back() {
    var token = world.token();
    for (int i = 0; i < 50; i++) {
      var _ = world.call(token, "read_file", PATH);
    }
    world.restart();

    assertThat(GatewayWorld.reason(world.call(token, "read_file", PATH))).isEqualTo("calls-spent");
  }

  @Test
  void what_was_refused_is_not_counted_after_a_restart() {
    var token = world.token();
    world.policy.rule = _ -> RuledDecisions.DENY;
    var _ = world.call(token, "read_file", PATH);
    world.restart();
    world.policy.rule = _ -> RuledDecisions.ALLOW;

    var _ = world.call(token, "read_file", PATH);

    assertThat(world.policy.asked.getLast().task().usage().calls()).isZero();
  }
}
