package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.MissingNode;

/// What is permitted under obligations, with both engines.
@Tag("R99")
class FulfilmentTest {
  private static final String PAY = "permit (principal, action == Action::\"bank/pay\", resource)";

  private static Decision decided(DecisionEngine engine, String arguments, String... cedar) {
    var world = new DecisionsWorld(engine);
    world.activate(cedar);
    return world.call("bank/pay", arguments).decision();
  }

  @ParameterizedTest
  @EnumSource
  void a_limit_that_can_be_kept_modifies(DecisionEngine engine) {
    var decision =
        decided(engine, "{'amount':900}", "@limit(\"amount:500\") " + PAY + ";", PAY + ";");

    assertThat(decision).isInstanceOf(Decision.Modify.class);
    assertThat(decision.because()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void a_limit_that_cannot_be_kept_denies(DecisionEngine engine) {
    var decision = decided(engine, "{'amount':9}", "@limit(\"count:5\") " + PAY + ";");

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Deny.class,
            deny -> {
              assertThat(deny.ground()).isEqualTo(Decision.Ground.UNFULFILLED);
              assertThat(deny.errors().getLast().message()).contains("`/count` is absent");
            });
  }

  @Test
  void what_is_sent_must_itself_be_permitted() {
    var permit =
        "@limit(\"amount:500\") "
            + PAY
            + " when { context.arguments.amount.greaterThan(decimal(\"800.0\")) };";

    assertThat(decided(DecisionEngine.COMPILED, "{'amount':900}", permit))
        .isInstanceOf(Decision.Deny.class);
  }

  @Test
  void obligations_of_the_narrowed_call_hold_as_well() {
    var first = "@limit(\"amount:500\") " + PAY + ";";
    var small =
        "@redact(\"iban\") @limit(\"amount:300\") "
            + PAY
            + " when { context.arguments.amount.lessThan(decimal(\"600.0\")) };";

    var decision =
        (Decision.Modify) decided(DecisionEngine.COMPILED, "{'amount':900}", first, small);

    assertThat(decision.obligations().limits()).singleElement().hasToString("/amount:300");
    assertThat(decision.obligations().redactions()).hasSize(1);
  }

  @Test
  void what_has_no_result_to_redact_is_denied() {
    var world = new DecisionsWorld();
    world.activate("@redact(\"ssn\") permit (principal, action, resource);");
    var question =
        new Question(
            DecisionsWorld.AGENT,
            DecisionsWorld.task(),
            Action.PROMPT,
            new Target.OfResource(new ResourceName("files"), "summary"),
            new Arguments.Given(MissingNode.getInstance()),
            CallFacts.NONE,
            DecisionsWorld.NOW);

    assertThat(world.decisions.decide(question).decision()).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void whoever_a_deciding_policy_names_is_to_be_told() {
    var world = new DecisionsWorld();
    world.activate(
        "@notify(\"security, owner\") forbid (principal, action, resource) when { true };",
        "@notify(\"admin\") permit (principal, action, resource) when { true };");

    assertThat(world.call("bank/pay", "{'amount':1}").notified())
        .isEqualTo(Set.of(Role.SECURITY, Role.OWNER));
  }
}
