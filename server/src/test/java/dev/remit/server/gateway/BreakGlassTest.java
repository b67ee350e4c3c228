package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.EmergencyId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.emergency.Emergencies;
import dev.remit.server.emergency.Lifted;
import dev.remit.server.store.CommitFaults.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Calls of an identity for which two people have broken glass.
@Tag("R93")
@Tag("R44")
class BreakGlassTest {
  private static final String INVOICE = "{\"invoice\":\"17\"}";
  private static final Decision.Hold HOLD =
      new Decision.Hold(
          List.of(new PolicyId("four-eyes")),
          Set.of(Role.APPROVER),
          Duration.ofMinutes(10),
          List.of());
  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  private EmergencyId open(String tool, int calls) {
    var now = Instant.now();
    var lifted =
        new Lifted(
            new WorkflowName("invoices"),
            Optional.of(new IdentityName("invoice-agent")),
            new ResourceName("files"),
            Optional.of(tool));
    var wish =
        new Emergencies.Wish(lifted, calls, Duration.ofMinutes(15), "the bank's run is at stake");
    var made = world.emergencies.request(wish, new PersonName("anna"), now);
    var id = ((Emergencies.Requested.Made) made).emergency().id();
    world.emergencies.answer(id, new PersonName("bea"), true, now);
    return id;
  }

  @Test
  void a_denied_call_goes_on_once_and_all_of_it_is_on_record() {
    world.policy.rule = _ -> RuledDecisions.DENY;
    var token = world.token();
    var id = open("pay", 1);

    var first = world.call(token, "pay", INVOICE);
    var second = world.call(token, "pay", INVOICE);

    assertThat(first.body()).contains("done");
    assertThat(GatewayWorld.reason(second)).isEqualTo("denied-by-policy");
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
    var decided = world.entries("call.decided").getFirst();
    assertThat(decided.path("decision").asString()).isEqualTo("deny");
    assertThat(decided.path("observed").asString()).isEqualTo(id.value());
    var used = world.entries("emergency.used").getFirst();
    assertThat(used.path("decision").asString()).isEqualTo(decided.path("id").asString());
    assertThat(world.entries("call.decided").getLast().has("observed")).isFalse();
    assertThat(world.entries("emergency.ended").getFirst().path("why").asString())
        .isEqualTo("spent");
  }

  @Test
  void a_call_that_would_be_held_goes_on_without_the_people_who_are_asleep() {
    world.policy.rule = _ -> HOLD;
    open("pay", 1);

    var got = world.call(world.token(), "pay", INVOICE);

    assertThat(got.body()).contains("done");
    assertThat(world.entries("approval.opened")).isEmpty();
  }

  @Test
  void what_policy_allows_takes_nothing_of_it() {
    open("pay", 1);

    world.call(world.token(), "pay", INVOICE);

    assertThat(world.entries("emergency.used")).isEmpty();
    assertThat(world.entries("call.decided").getFirst().has("observed")).isFalse();
  }

  @Test
  void it_is_for_this_tool_alone_and_lifts_neither_the_task_nor_a_suspension() {
    world.policy.rule = _ -> RuledDecisions.DENY;
    var id = open("pay", 5);
    var narrow = world.token("files/read_file");
    var wide = world.token();

    var another = world.call(wide, "read_file", "{\"path\":\"a\"}");
    var outside = world.call(narrow, "pay", INVOICE);
    world.suspend();
    var stopped = world.call(wide, "pay", INVOICE);

    assertThat(GatewayWorld.reason(another)).isEqualTo("denied-by-policy");
    assertThat(GatewayWorld.reason(outside)).isEqualTo("outside-task");
    assertThat(stopped.statusCode()).isEqualTo(401);
    assertThat(world.upstream.count("tools/call")).isZero();
    assertThat(world.emergencies.find(id).orElseThrow().used()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void no_call_goes_on_that_could_not_be_taken(Fault fault) {
    world.policy.rule = _ -> RuledDecisions.DENY;
    var token = world.token();
    var id = open("pay", 1);
    world.faults.fail(fault, "SELECT 1 FROM emergency WHERE used > 0");

    var got = world.call(token, "pay", INVOICE);

    boolean stored = fault == Fault.STORED;
    assertThat(world.faults.hasFailed()).isTrue();
    assertThat(got.body().contains("done")).isEqualTo(stored);
    assertThat(world.upstream.count("tools/call")).isEqualTo(stored ? 1 : 0);
    assertThat(world.emergencies.find(id).orElseThrow().used()).isEqualTo(stored ? 1 : 0);
  }

  @Test
  void it_is_over_as_soon_as_one_person_says_so() {
    world.policy.rule = _ -> RuledDecisions.DENY;
    var token = world.token();
    var id = open("pay", 5);
    world.call(token, "pay", INVOICE);

    world.emergencies.end(id, new PersonName("cleo"), Instant.now());
    var got = world.call(token, "pay", INVOICE);

    assertThat(GatewayWorld.reason(got)).isEqualTo("denied-by-policy");
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }
}
