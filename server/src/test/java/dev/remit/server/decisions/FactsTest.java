package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.registry.PolicyCheck.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Each fact that policy sees, as it is in [DecisionsWorld]: a permit that asks for just that value
/// permits, in both engines, and one that asks for another does not.
@Tag("R81")
@Tag("R82")
@Tag("R83")
class FactsTest {
  private final DecisionsWorld world = new DecisionsWorld();
  private final DecisionsWorld cedar = new DecisionsWorld(DecisionEngine.CEDAR);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "context.task.callsSoFar == 3",
        "context.task.callsMax == 50",
        "context.task.expires == datetime(\"2026-11-21T10:15:00Z\")",
        "context.sensitivity == 40",
        "resource.sensitivity == 100",
        "context.tool.sensitivity == 100",
        "DataClass::\"internal\".sensitivity == 40",
        "DataClass::\"patient\".sensitivity == 100",
        "context.model.name == \"clerk\"",
        "context.model.lifecycle == \"beta\"",
        "context.model.fingerprint like \"sha256:*\"",
        "principal.model.provider == \"example\"",
        "context.local.hour == 11",
        "context.local.minute == 0",
        "context.local.weekday == 6",
        "context.counters.task == 3",
        "context.counters.tool == 2",
        "context.counters.tools == 1",
        "context.counters.items == 4",
        "context.counters.bytes == 2000",
        "context.counters.minute == 2",
        "context.counters.identityMinute == 7",
        "context has amount && context.amount == 100"
      })
  void a_fact_is_what_it_is(String condition) {
    var guarded =
        condition.startsWith("principal.model") ? "principal has model && " + condition : condition;

    assertThat(decided(world, guarded)).isInstanceOf(Decision.Allow.class);
    assertThat(decided(cedar, guarded)).isInstanceOf(Decision.Allow.class);
    assertThat(decided(world, "!(" + guarded + ")")).isInstanceOf(Decision.Deny.class);
  }

  @Test
  @Tag("R65")
  void whoever_acts_is_seen_with_its_delegators_and_each_of_those_must_be_permitted_too() {
    var planner = DecisionsWorld.agent("planner");
    world.declare(planner);
    var question = question(new Arguments.Given(DecisionsWorld.json("{'amount':99.5}")));
    var delegated = delegatedBy(planner.name(), question);

    world.activate(permit("true"), unlessByPlanner("context.delegation.depth == 1"));
    assertThat(world.decisions.decide(delegated).decision()).isInstanceOf(Decision.Allow.class);
    world.activate(permit("true"), unlessByPlanner("context.delegation.depth == 0"));
    assertThat(world.decisions.decide(delegated).decision()).isInstanceOf(Decision.Deny.class);

    world.activate(permit("principal == Identity::\"invoice-agent\""));
    assertThat(world.decisions.decide(question).decision()).isInstanceOf(Decision.Allow.class);
    assertThat(world.decisions.decide(delegated).decision()).isInstanceOf(Decision.Deny.class);
    assertThat(world.decisions.decide(delegatedBy(new IdentityName("nobody"), question)).decision())
        .isInstanceOf(Decision.Deny.class);
  }

  private static String unlessByPlanner(String condition) {
    return "forbid (principal == Identity::\"invoice-agent\", action, resource) unless {"
        + " context.delegation.by.contains(Identity::\"planner\") && "
        + condition
        + " };";
  }

  private static Question delegatedBy(IdentityName delegator, Question question) {
    return new Question(
        question.identity(),
        question.task().delegatedBy(List.of(delegator)),
        question.action(),
        question.target(),
        question.arguments(),
        question.facts(),
        question.now());
  }

  @Test
  void an_amount_counts_without_its_sign_and_rounded_up() {
    var limit = "context has amount && context.amount <= 100";

    assertThat(paying("100", limit)).isInstanceOf(Decision.Allow.class);
    assertThat(paying("-100", limit)).isInstanceOf(Decision.Allow.class);
    assertThat(paying("99.5", limit)).isInstanceOf(Decision.Allow.class);
    assertThat(paying("100.00000001", limit)).isInstanceOf(Decision.Deny.class);
    assertThat(paying("-101", limit)).isInstanceOf(Decision.Deny.class);
    assertThat(paying("1e400", limit)).isInstanceOf(Decision.Deny.class);
    assertThat(paying("123456789012345678901234567890", limit)).isInstanceOf(Decision.Deny.class);
    assertThat(paying("-9223372036854775808", limit)).isInstanceOf(Decision.Deny.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"context.amount <= 100", "context.amount > 100"})
  void a_tool_is_listed_where_some_amount_would_be_permitted(String condition) {
    world.activate(permit("context has amount && " + condition));

    var decided = world.decisions.decide(question(new Arguments.NotYet()));

    assertThat(decided.decision()).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void a_tool_that_names_no_amount_has_none() {
    world.activate(permit("!(context has amount)"));

    assertThat(world.call("files/read_file", "{'path':'/data/a'}").decision())
        .isInstanceOf(Decision.Allow.class);
  }

  @Test
  void resources_that_are_read_are_counted_as_tools_are() {
    world.activate(
        "permit (principal, action == Action::\"read\", resource)"
            + " when { context.counters.items == 4 && context.counters.bytes == 2000 };");

    var decided =
        world.decisions.decide(
            new Question(
                DecisionsWorld.AGENT,
                DecisionsWorld.task(),
                Action.READ,
                new Target.OfResource(new ResourceName("files"), "file:///a"),
                new Arguments.Given(JsonNodeFactory.instance.missingNode()),
                CallFacts.NONE,
                DecisionsWorld.NOW));

    assertThat(decided.decision()).isInstanceOf(Decision.Allow.class);
  }

  @Test
  @Tag("R123")
  void a_lifecycle_that_no_model_has_is_found_at_plan() {
    var verdict = world.check(permit("context.model.lifecycle == \"stable\""));

    assertThat(((Verdict.Invalid) verdict).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("can never match"));
  }

  private Decision paying(String amount, String condition) {
    world.activate(permit(condition));
    return world.call("bank/pay", "{'amount':" + amount + "}").decision();
  }

  private static Decision decided(DecisionsWorld world, String condition) {
    world.activate(permit(condition));
    return world
        .decisions
        .decide(question(new Arguments.Given(DecisionsWorld.json("{'amount':99.5}"))))
        .decision();
  }

  private static Question question(Arguments arguments) {
    var like = DecisionsWorld.task();
    var task =
        new TaskFacts(
            like.id(),
            like.intent(),
            like.callsMax(),
            like.expiresAt(),
            List.of(),
            new Usage(3, 1, Map.of("bank/pay", 2L), 4, 2_000, Set.of("internal"), 2, 7));
    return new Question(
        DecisionsWorld.AGENT,
        task,
        Action.CALL,
        new Target.OfTool(ToolName.parse("bank/pay")),
        arguments,
        CallFacts.NONE,
        Instant.parse("2026-11-21T10:00:00Z"));
  }

  private static String permit(String condition) {
    return "permit (principal, action in Action::\"call\", resource) when { " + condition + " };";
  }
}
