package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PolicyName;
import dev.remit.server.registry.PolicyText;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A policy in shadow is tried on each decision, says what it would have changed, and changes none.
@Tag("R86")
class ShadowTest {
  private static final String READ =
      "permit (principal, action == Action::\"files/read_file\", resource);";
  private static final String PAY = "permit (principal, action == Action::\"bank/pay\", resource);";
  private static final String PATH = "{'path':'/data/1'}";
  private final DecisionsWorld world = new DecisionsWorld();

  private void shadow(String name, String cedar) {
    world.declare(new PolicyText(new PolicyName(name), "", cedar, PolicyText.Mode.SHADOW));
  }

  @Test
  void a_permit_in_shadow_allows_nothing() {
    shadow("s", READ);
    world.activate();

    var decided = world.call("files/read_file", PATH);

    assertThat(decided.decision().word()).isEqualTo("deny");
    assertThat(decided.decision().because()).isEmpty();
    assertThat(decided.shadow()).containsExactly(new Shadowed(new PolicyName("s"), "allow"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "forbid (principal, action in Action::\"call\", resource);",
        "forbid (principal, action in Action::\"call\", resource)"
            + " when { context.risk + 9223372036854775807 > 0 && context.task.callsSoFar"
            + " + 9223372036854775807 > 0 };",
      })
  void a_forbid_in_shadow_denies_nothing_even_when_it_fails(String forbid) {
    shadow("s", forbid);
    world.activate(READ);

    var decided = world.call("files/read_file", PATH);

    assertThat(decided.decision().word()).isEqualTo("allow");
    assertThat(decided.decision().errors()).isEmpty();
    assertThat(decided.shadow()).containsExactly(new Shadowed(new PolicyName("s"), "deny"));
  }

  @Test
  void a_hold_in_shadow_holds_nothing() {
    shadow(
        "s",
        "@hold(\"approver\") forbid (principal, action in Action::\"call\", resource)"
            + " unless { context.approved };");
    world.activate(READ);

    var decided = world.call("files/read_file", PATH);

    assertThat(decided.decision().word()).isEqualTo("allow");
    assertThat(decided.shadow()).containsExactly(new Shadowed(new PolicyName("s"), "hold"));
  }

  @Test
  void how_many_are_in_shadow_and_how_often_one_would_change_is_counted_for_prometheus() {
    var figures = new SimpleMeterRegistry();
    new DecisionMeters(world.decisions).bindTo(figures);
    shadow("s", READ);
    shadow("elsewhere", "forbid (principal, action == Action::\"bank/pay\", resource);");
    world.activate();
    world.call("files/read_file", PATH);
    world.call("files/read_file", PATH);

    assertThat(figures.get("remit.policies.shadow").gauge().value()).isEqualTo(2);
    assertThat(figures.get("remit.policies.shadow.changes").functionCounter().count()).isEqualTo(2);
  }

  @Test
  void one_in_shadow_that_would_change_nothing_is_not_mentioned() {
    shadow("agrees", READ);
    shadow("elsewhere", "forbid (principal, action == Action::\"bank/pay\", resource);");
    world.activate(READ);

    assertThat(world.call("files/read_file", PATH).shadow()).isEmpty();
  }

  @Test
  void each_in_shadow_is_tried_alone() {
    shadow("forbids", "forbid (principal, action in Action::\"call\", resource);");
    shadow("permits", READ);
    world.activate();

    assertThat(world.call("files/read_file", PATH).shadow())
        .containsExactly(new Shadowed(new PolicyName("permits"), "allow"));
  }

  /// Whatever obligation cannot be fulfilled denies; so it must say in shadow.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "@limit(\"count:5\")   | {'amount':9}           | deny",
        "@limit(\"count:5\")   | {'amount':9,'count':7} | modify",
        "@limit(\"count:8..9\") | {'amount':9,'count':7} | deny",
      })
  void an_obligation_in_shadow_that_could_not_be_fulfilled_is_the_deny_it_would_be(
      String annotation, String arguments, String would) {
    shadow("s", annotation + " " + PAY);
    world.activate(PAY);

    var decided = world.call("bank/pay", arguments);

    assertThat(decided.decision().word()).isEqualTo("allow");
    assertThat(decided.shadow()).containsExactly(new Shadowed(new PolicyName("s"), would));
  }

  @Test
  void a_forbid_in_shadow_that_only_the_narrowed_call_meets_is_the_deny_it_would_be() {
    shadow(
        "s",
        "forbid (principal, action == Action::\"bank/pay\", resource)"
            + " when { context.arguments has count && context.arguments.count == 5 };");
    world.activate("@limit(\"count:5\") " + PAY);

    var decided = world.call("bank/pay", "{'amount':9,'count':7}");

    assertThat(decided.decision().word()).isEqualTo("modify");
    assertThat(decided.shadow()).containsExactly(new Shadowed(new PolicyName("s"), "deny"));
  }

  @Test
  void a_permit_in_shadow_that_lets_the_narrowed_call_through_is_the_modify_it_would_be() {
    shadow(
        "s",
        PAY.replace(
            ";", " when { context.arguments has count" + " && context.arguments.count == 5 };"));
    world.activate(
        "@limit(\"count:5\") "
            + PAY.replace(
                ";", " when { context.arguments has count && context.arguments.count > 5 };"));

    var decided = world.call("bank/pay", "{'amount':9,'count':7}");

    assertThat(decided.decision().word()).isEqualTo("deny");
    assertThat(decided.shadow()).containsExactly(new Shadowed(new PolicyName("s"), "modify"));
  }

  @Test
  void taking_a_policy_out_of_shadow_is_another_version_of_the_policies() {
    shadow("s", READ);
    world.activate();
    var inShadow = world.decisions.version();

    var enforced = new DecisionsWorld();
    enforced.declare(new PolicyText(new PolicyName("s"), "", READ));
    enforced.activate();

    assertThat(enforced.decisions.version()).isNotEqualTo(inShadow);
    assertThat(enforced.call("files/read_file", PATH).decision().word()).isEqualTo("allow");
  }

  @Test
  void what_is_wrong_with_one_in_shadow_is_refused_at_plan_all_the_same() {
    shadow("s", "permit (principal, action == Action::\"files/nothing\", resource);");

    assertThat(world.check())
        .isInstanceOf(dev.remit.server.registry.PolicyCheck.Verdict.Invalid.class);
  }

  @Test
  void what_it_would_have_changed_is_recorded_and_reported_by_who_asked_for_what() {
    try (var recorded = new RecordedWorld()) {
      recorded.world.declare(
          new PolicyText(
              new PolicyName("s"),
              "",
              "forbid (principal, action in Action::\"call\", resource)"
                  + " when { context.risk < 50 };",
              PolicyText.Mode.SHADOW));
      recorded.world.activate(READ);
      for (int i = 0; i < 3; i++) {
        recorded.call("files/read_file", PATH);
      }

      var report = ShadowReport.of(recorded.reader, "s", 100);

      assertThat(report.path("decisions").asInt()).isEqualTo(3);
      assertThat(report.path("changed").asInt()).isEqualTo(3);
      assertThat(report.path("groups")).hasSize(1);
      assertThat(report.at("/groups/0/was").stringValue()).isEqualTo("allow");
      assertThat(report.at("/groups/0/would").stringValue()).isEqualTo("deny");
      assertThat(report.at("/groups/0/count").asInt()).isEqualTo(3);
      assertThat(ShadowReport.of(recorded.reader, "other", 100).path("changed").asInt()).isZero();
    }
  }
}
