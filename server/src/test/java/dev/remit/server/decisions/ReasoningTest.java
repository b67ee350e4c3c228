package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Each of the five answers names what decided and what would have made it another one.
class ReasoningTest {
  private static final String PAY = "permit (principal, action == Action::\"bank/pay\", resource);";
  private static final String GUARD =
      "forbid (principal, action == Action::\"bank/pay\", resource)"
          + " when { context.arguments has count && context.arguments.count > 100 };";
  private final DecisionsWorld world = new DecisionsWorld();

  private Reasoning of(String arguments, String... cedar) {
    world.activate(cedar);
    var question =
        DecisionsWorld.question(
            "bank/pay", new Arguments.Given(DecisionsWorld.json(arguments)), CallFacts.NONE);
    return world.decisions.reasoned(_ -> new Supposition(question)).orElseThrow().reasoning();
  }

  @Test
  void a_narrowed_call_says_how_and_which_forbid_came_near() {
    var reasoning = of("{'amount':9,'count':7}", "@limit(\"count:5\") " + PAY, GUARD);

    assertThat(reasoning.sentences())
        .anySatisfy(said -> assertThat(said).startsWith("`p0` permits it"))
        .contains("it goes on narrowed: limit /count:5")
        .anySatisfy(said -> assertThat(said).startsWith("`p1` would forbid it"));
  }

  @Test
  void a_call_that_is_put_off_says_by_what_and_which_forbid_came_near() {
    var reasoning =
        of(
            "{'amount':9,'count':7}",
            PAY,
            GUARD,
            "@defer(\"PT1H\") forbid (principal, action == Action::\"bank/pay\", resource)"
                + " when { context.arguments.amount.lessThan(decimal(\"10.0\")) };");

    assertThat(reasoning.sentences())
        .anySatisfy(said -> assertThat(said).startsWith("`p2` puts it off"))
        .anySatisfy(said -> assertThat(said).startsWith("`p1` would forbid it"))
        .noneSatisfy(said -> assertThat(said).startsWith("`p2` forbids it"));
  }

  @Test
  void a_held_call_says_which_forbid_came_near() {
    var reasoning =
        of(
            "{'amount':9,'count':7}",
            PAY,
            GUARD,
            "@hold(\"approver\") forbid (principal, action == Action::\"bank/pay\", resource)"
                + " unless { context.approved };");

    assertThat(reasoning.sentences())
        .anySatisfy(said -> assertThat(said).startsWith("`p2` holds it"))
        .anySatisfy(said -> assertThat(said).startsWith("`p1` would forbid it"));
  }
}
