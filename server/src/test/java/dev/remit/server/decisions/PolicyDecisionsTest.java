package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.registry.PolicyCheck.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

@Tag("R80")
@Tag("R82")
class PolicyDecisionsTest {
  private static final String READ =
      "permit (principal in Workflow::\"invoices\", action == Action::\"files/read_file\", resource)"
          + " when { context.arguments.path like \"/data/*\" };";
  private static final String ALL = "permit (principal, action, resource);";

  private final DecisionsWorld world = new DecisionsWorld();

  @Test
  void nothing_is_allowed_before_policies_are_active() {
    var decided = world.call("files/read_file", "{'path':'/data/a'}");

    assertThat(decided.decision()).isInstanceOf(Decision.Deny.class);
  }

  @ParameterizedTest
  @EnumSource
  void both_engines_allow_what_a_permit_covers(DecisionEngine engine) {
    var world = new DecisionsWorld(engine);
    world.activate(READ);

    var decided = world.call("files/read_file", "{'path':'/data/a'}");

    assertThat(decided.decision())
        .isEqualTo(new Decision.Allow(List.of(new PolicyId("p0")), List.of()));
    assertThat(decided.policies()).isEqualTo(world.decisions.version());
  }

  @Test
  void a_denial_names_the_condition_that_kept_a_permit_from_permitting() {
    world.activate(READ);

    var decided = world.call("files/read_file", "{'path':'/etc/passwd'}");

    var deny = (Decision.Deny) decided.decision();
    assertThat(deny.because()).isEmpty();
    assertThat(deny.nearly()).hasSize(1);
    assertThat(deny.nearly().getFirst().condition())
        .isEqualTo("context.arguments.path like \"/data/*\"");
  }

  @Test
  void a_denial_names_the_part_of_the_scope_that_did_not_cover() {
    world.activate(READ);

    var deny = (Decision.Deny) world.call("files/write_file", "{'path':'/data/a'}").decision();

    assertThat(deny.nearly().getFirst().condition())
        .isEqualTo("action == Action::\"files/read_file\"");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("R90")
  void a_hold_waits_for_its_role_and_an_approval_lifts_it(DecisionEngine engine) {
    var world = new DecisionsWorld(engine);
    world.activate(
        ALL,
        "@hold(\"approver\") @patience(\"PT5M\") forbid (principal, action in Action::\"call\","
            + " resource) when { resource.effects.contains(\"destructive\") }"
            + " unless { context.approved };");

    var held = world.call("bank/pay", "{'amount':5}");
    var approved = world.call("bank/pay", "{'amount':5}", new CallFacts(true, 0, SecretFacts.NONE));

    assertThat(held.decision())
        .isEqualTo(
            new Decision.Hold(
                List.of(new PolicyId("p1")),
                Set.of(Role.APPROVER),
                Duration.ofMinutes(5),
                List.of()));
    assertThat(approved.decision()).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void a_list_shows_what_some_arguments_could_be_allowed_and_a_call_is_never_so_lenient() {
    world.activate(READ);
    var notYet = DecisionsWorld.question("files/read_file", new Arguments.NotYet(), CallFacts.NONE);
    var other = DecisionsWorld.question("files/write_file", new Arguments.NotYet(), CallFacts.NONE);

    var shown = world.decisions.decideAll(List.of(notYet, other));
    var called = world.call("files/read_file", "{}");

    assertThat(shown.get(0).decision()).isInstanceOf(Decision.Allow.class);
    assertThat(shown.get(1).decision()).isInstanceOf(Decision.Deny.class);
    assertThat(called.decision()).isInstanceOf(Decision.Deny.class);
  }

  @ParameterizedTest
  @EnumSource
  void a_forbid_that_looks_at_a_number_without_exact_form_denies(DecisionEngine engine) {
    var world = new DecisionsWorld(engine);
    world.activate(
        ALL,
        "forbid (principal, action == Action::\"bank/pay\", resource)"
            + " when { context.arguments.amount.greaterThan(decimal(\"100.0\")) };");

    var small = world.call("bank/pay", "{'amount':99.5}");
    var odd = world.call("bank/pay", "{'amount':100.00001}");
    var huge = world.call("bank/pay", "{'amount':1e400}");

    assertThat(small.decision()).isInstanceOf(Decision.Allow.class);
    assertThat(odd.decision()).isInstanceOf(Decision.Deny.class);
    assertThat(huge.decision()).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void a_policy_that_does_not_look_at_an_odd_number_is_not_disturbed_by_it() {
    world.activate(ALL);

    var decided = world.call("bank/pay", "{'amount':100.00001}");

    assertThat(decided.decision()).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void arguments_that_policy_cannot_see_can_be_forbidden() {
    world.activate(
        ALL,
        "forbid (principal, action in Action::\"call\", resource)"
            + " unless { context.argumentsComplete };");

    var plain = world.call("bank/pay", "{'amount':5,'party':{'country':'CH'}}");
    var hidden = world.call("bank/pay", "{'amount':5,'party':{'country':'CH','also':1}}");

    assertThat(plain.decision()).isInstanceOf(Decision.Allow.class);
    assertThat(hidden.decision()).isInstanceOf(Decision.Deny.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "context.task.intent == \"read-invoices\" && context.task.callsSoFar == 3",
        "context.touched.contains(DataClass::\"internal\")",
        "context.counters.tool == 2 && context.counters.task == 3",
        "context.tool.effects.contains(\"destructive\")",
        "resource.dataClasses.contains(DataClass::\"patient\")",
        "context.environment == \"production\" && context.stage == \"production\"",
        "context.autonomy == \"acts-alone\" && principal.autonomy == \"acts-alone\"",
        "principal.workflow.owner == Person::\"anna\"",
        "context.time == datetime(\"2026-11-21T10:00:00Z\") && context.risk == 0",
        "context.arguments.amount == decimal(\"12.5\") && !context.approved",
        "context.arguments has count && context.arguments.count == 7",
        "context.arguments has tags && context.arguments.tags.contains(\"a\")",
        "!(context.arguments has note)",
        "context.arguments has party && context.arguments.party has country"
            + " && context.arguments.party.country == \"CH\""
      })
  @Tag("R81")
  void policies_see_every_fact_they_are_promised(String condition) {
    world.activate(
        "permit (principal, action == Action::\"bank/pay\", resource) when { " + condition + " };");

    var decided =
        world.call(
            "bank/pay",
            "{'amount':12.5,'count':7.0,'tags':['a','b'],'note':null,'party':{'country':'CH'}}");

    assertThat(decided.decision()).as(condition).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void other_actions_are_asked_of_the_resource() {
    world.activate(
        "permit (principal, action == Action::\"read\", resource == Resource::\"files\")"
            + " when { context.item like \"file:///data/*\" };");

    var decided =
        world.decisions.decide(
            new Question(
                DecisionsWorld.AGENT,
                DecisionsWorld.task(),
                Action.READ,
                new Target.OfResource(new ResourceName("files"), "file:///data/x"),
                new Arguments.Given(JsonNodeFactory.instance.missingNode()),
                CallFacts.NONE,
                DecisionsWorld.NOW));

    assertThat(decided.decision()).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void an_unregistered_tool_is_denied() {
    world.activate(ALL);

    var decided = world.call("files/rm", "{}");

    assertThat(decided.decision()).isInstanceOf(Decision.Deny.class);
    assertThat(decided.decision().errors().getFirst().message()).contains("not registered");
  }

  @Test
  void policies_that_cannot_be_activated_deny_everything() {
    world.activate(ALL);

    world.activate("permit (principal, action, resource) when { nonsense };");

    assertThat(world.call("bank/pay", "{'amount':5}").decision()).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void the_version_follows_the_texts_and_the_tools() {
    var first = (Verdict.Valid) world.check(ALL);
    var again = (Verdict.Valid) world.check(ALL);
    var changed = (Verdict.Valid) world.check(ALL + " // changed");

    assertThat(again.version()).isEqualTo(first.version());
    assertThat(changed.version()).isNotEqualTo(first.version());
  }

  @Test
  void a_thousand_tools_are_judged_in_one_question() {
    var questions = new ArrayList<Question>();
    for (int i = 0; i < 1_000; i++) {
      world.tool("files/t" + i, Set.of(), "internal", "{'path':{'type':'string'}}", "path");
      questions.add(DecisionsWorld.question("files/t" + i, new Arguments.NotYet(), CallFacts.NONE));
    }
    world.activate(READ, ALL);

    var decided = world.decisions.decideAll(questions);

    assertThat(decided).hasSize(1_000);
    assertThat(decided).allMatch(one -> one.decision() instanceof Decision.Allow);
  }
}
