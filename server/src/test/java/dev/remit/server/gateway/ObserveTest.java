package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.enforcement.Enforcement.Requested;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Calls while two people have agreed that policy is observed and not enforced.
@Tag("R93")
class ObserveTest {
  private static final String INVOICE = "{\"invoice\":\"17\"}";
  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  private String observing() {
    var now = Instant.now();
    var requested =
        world.enforcement.request(
            new PersonName("anna"), Duration.ofHours(1), "a wrong policy stops the night run", now);
    var id = ((Requested.Open) requested).observation().id();
    world.enforcement.answer(id, new PersonName("ben"), true, now);
    return id.value();
  }

  @Test
  void a_denied_call_passes_and_both_the_denial_and_that_it_was_not_enforced_are_on_record() {
    world.policy.rule = _ -> RuledDecisions.DENY;
    var id = observing();

    var got = world.call(world.token(), "pay", INVOICE);

    assertThat(got.body()).contains("done");
    var decided = world.entries("call.decided").getLast();
    assertThat(decided.path("decision").asString()).isEqualTo("deny");
    assertThat(decided.path("because").get(0).asString()).isEqualTo("test-forbids");
    assertThat(decided.path("observed").asString()).isEqualTo(id);
    assertThat(world.ended(decided.path("id").asString()).path("outcome").asString())
        .isEqualTo("answered");
  }

  @Test
  void a_call_that_would_be_held_passes_without_a_person() {
    world.policy.rule =
        _ ->
            new Decision.Hold(
                List.of(new PolicyId("four-eyes")),
                Set.of(Role.APPROVER),
                Duration.ofMinutes(10),
                List.of());
    observing();

    var got = world.call(world.token(), "pay", INVOICE);

    assertThat(got.body()).contains("done");
    assertThat(world.entries("approval.opened")).isEmpty();
  }

  @Test
  void policy_decides_again_as_soon_as_somebody_says_so() {
    world.policy.rule = _ -> RuledDecisions.DENY;
    observing();
    var token = world.token();
    world.call(token, "pay", INVOICE);

    world.enforcement.end(new PersonName("cleo"), Instant.now());
    var got = world.call(token, "pay", INVOICE);

    assertThat(GatewayWorld.reason(got)).isEqualTo("denied-by-policy");
    assertThat(world.entries("call.decided").getLast().has("observed")).isFalse();
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void the_kill_switch_and_the_scope_of_the_task_hold_all_the_same() {
    observing();
    var token = world.token("files/read_file");

    var outside = world.call(token, "pay", INVOICE);
    world.suspend();
    var stopped = world.call(token, "read_file", "{\"path\":\"a\"}");

    assertThat(GatewayWorld.reason(outside)).isEqualTo("outside-task");
    assertThat(stopped.statusCode()).isEqualTo(401);
    assertThat(world.upstream.count("tools/call")).isZero();
  }
}
