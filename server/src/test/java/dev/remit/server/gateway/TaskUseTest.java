package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
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
    assertThat(task.callsSoFar()).isEqualTo(2);
    assertThat(task.counters()).containsEntry("files/read_file", 2L);
    assertThat(task.touched()).isEqualTo(Set.of("internal"));
  }

  @Test
  void a_rule_over_a_sequence_holds_across_a_restart() {
    var token = world.token();
    world.policy.rule =
        question ->
            question.task().touched().contains("internal")
                    && question.target().toString().contains("pay")
                ? RuledDecisions.DENY
                : RuledDecisions.ALLOW;
    var _ = world.call(token, "read_file", PATH);
    world.restart();

    var sent = world.call(token, "pay", "{\"invoice\":\"1\"}");

    assertThat(GatewayWorld.reason(sent)).isEqualTo("denied-by-policy");
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

    assertThat(world.policy.asked.getLast().task().callsSoFar()).isZero();
  }
}
