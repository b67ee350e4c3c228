package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.PolicyCheck.Problem;
import dev.remit.server.registry.PolicyCheck.Verdict;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Upstream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What plan says of policies that are valid and yet not what was meant.
@Tag("R86")
class PolicyFindingsTest {
  private static final String NARROW =
      "permit (principal in Workflow::\"invoices\", action == Action::\"files/read_file\", resource)"
          + " when { context.arguments.path like \"/data/*\" };";
  private final DecisionsWorld world = new DecisionsWorld();

  private List<String> findings(String... cedar) {
    return switch (world.check(cedar)) {
      case Verdict.Valid(_, var findings) -> said(findings);
      case Verdict.Invalid(var problems) -> throw new AssertionError("refused: " + problems);
    };
  }

  private List<String> errors(String... cedar) {
    return switch (world.check(cedar)) {
      case Verdict.Valid _ -> List.of();
      case Verdict.Invalid(var problems) -> said(problems);
    };
  }

  private static List<String> said(List<Problem> problems) {
    assertThat(problems).allMatch(problem -> !problem.remedy().isEmpty() && problem.line() > 0);
    return problems.stream().map(one -> one.policy() + ": " + one.message()).toList();
  }

  @Test
  void a_policy_for_something_definite_is_no_finding() {
    assertThat(findings(NARROW)).isEmpty();
  }

  @Test
  @Tag("R100")
  void a_tool_that_is_freer_in_production_than_elsewhere_is_told() {
    alsoInTest("files/write_file");
    var permit = "permit (principal, action in Action::\"call\", resource);";
    var forbid = "forbid (principal, action in Action::\"call\", resource) when ";

    assertThat(findings(permit, forbid + "{ context.environment == \"test\" };"))
        .anySatisfy(text ->
            assertThat(text)
                .startsWith(
                    "p0: `invoice-agent` would be let through to `files/write_file` in prod")
                .endsWith("denied the same tool `files-test/write_file` in test"));
    assertThat(findings(permit, forbid + "{ context.environment == \"production\" };"))
        .noneMatch(text -> text.contains("the same tool"));
  }

  private void alsoInTest(String name) {
    var tool = ToolName.parse(name);
    var there = new ResourceName(tool.resource() + "-test");
    var known = world.with().tool(tool).orElseThrow();
    world.declare(
        new Resource(
            there,
            Environment.TEST,
            new Upstream.Http(URI.create("http://127.0.0.1:1/mcp"), Map.of())));
    world.declare(
        new Tool(
            new ToolName(there, tool.tool()),
            known.effects(),
            known.dataClasses(),
            known.amount(),
            known.definition(),
            known.inputSchema()));
    for (var resource : List.of(tool.resource(), there)) {
      world.declare(
          new Grant(
              new GrantName("agent-" + resource),
              DecisionsWorld.AGENT,
              resource,
              new Grant.Tools.EveryPinned(),
              Set.of(),
              List.of(),
              Set.of(),
              Set.of(),
              Set.of("internal"),
              10,
              new PersonName("anna"),
              DecisionsWorld.NOW.plusSeconds(3_600)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "context.stage == \"prod\"",
        "context.risk < 5 && principal.kind == \"robot\"",
        "resource.effects.contains(\"destructiv\")",
        "context.stage == \"pilot\" && context.risk > 3 && context.stage == \"production\"",
        "context.task.intent == \"a\" && context.task.intent == \"b\"",
      })
  void a_condition_that_is_never_true_is_an_error(String condition) {
    var policy =
        "permit (principal, action in Action::\"call\", resource) when { " + condition + " };";

    assertThat(errors(policy)).isNotEmpty().allMatch(text -> text.contains("can never match"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "context.stage == \"pilot\" || context.stage == \"production\"",
        "!(context.stage == \"pilot\" && context.stage == \"production\")",
        "context.task.intent == \"a\" && context.task.id == \"b\"",
        "context.stage == \"pilot\" && context.stage == \"pilot\"",
        "context.task.intent == \"prod\"",
      })
  void a_condition_that_may_be_true_is_none(String condition) {
    var policy =
        "permit (principal, action in Action::\"call\", resource) when { " + condition + " };";

    assertThat(errors(policy)).isEmpty();
  }

  @Test
  void a_word_that_is_none_is_a_finding_where_the_policy_can_still_match() {
    var policy =
        "forbid (principal, action in Action::\"call\", resource)"
            + " when { context.stage == \"prod\" || context.risk > 90 };";

    assertThat(findings(policy)).containsExactly("p0: `context.stage == \"prod\"` is never true");
  }

  @Test
  void a_permit_that_is_always_forbidden_is_a_finding() {
    var forbid = "forbid (principal, action in Action::\"call\", resource in Resource::\"files\");";

    assertThat(findings(NARROW, forbid))
        .containsExactly("p0: permits nothing: `p1` forbids whatever it permits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "forbid (principal, action in Action::\"call\", resource) when { context.risk > 1 };",
        "forbid (principal, action in Action::\"call\", resource in Resource::\"bank\");",
        "forbid (principal, action == Action::\"read\", resource);",
        "@hold(\"approver\") forbid (principal, action in Action::\"call\", resource)"
            + " unless { context.approved };",
      })
  void a_permit_that_is_sometimes_forbidden_is_none(String forbid) {
    assertThat(findings(NARROW, forbid)).isEmpty();
  }

  @Test
  void a_permit_within_another_is_a_finding_and_of_two_alike_only_the_later() {
    var broad =
        "permit (principal, action in Action::\"call\", resource in Resource::\"files\")"
            + " when { context.risk < 5 };";
    var within =
        "permit (principal, action == Action::\"files/read_file\", resource)"
            + " when { context.stage == \"pilot\" && context.risk < 5 };";

    assertThat(findings(broad, within))
        .containsExactly("p1: changes nothing: `p0` permits whatever it permits");
    assertThat(findings(NARROW, NARROW))
        .containsExactly("p1: changes nothing: `p0` permits whatever it permits");
    assertThat(findings(within, broad.replace("< 5", "< 6"))).isEmpty();
  }

  @Test
  void a_permit_for_everybody_and_everything_is_a_finding() {
    assertThat(findings("permit (principal, action, resource);"))
        .containsExactly("p0: permits every identity everything that its grants name");
  }

  @Test
  void a_permit_of_dangerous_tools_is_a_finding_unless_a_person_must_agree() {
    world.tool("files/purge", Set.of(Effect.DESTRUCTIVE), "internal", "{}", "none");
    var permit =
        "permit (principal in Workflow::\"invoices\", action in Action::\"call\", resource);";
    var hold =
        "@hold(\"approver\") forbid (principal, action in Action::\"call\", resource)"
            + " when { resource.effects.contains(\"destructive\") } unless { context.approved };";

    assertThat(findings(permit))
        .containsExactly(
            "p0: permits without condition what can destroy or show secrets in production:"
                + " `bank/pay`, `files/purge`");
    assertThat(findings(permit, hold)).isEmpty();
  }

  @Test
  void a_scope_that_holds_nobody_is_a_finding() {
    world.declare(DecisionsWorld.workflow("empty"));

    assertThat(
            findings(
                "permit (principal in Workflow::\"empty\", action == Action::\"read\", resource);"))
        .containsExactly("p0: matches nobody: no registered identity is in its scope");
  }
}
