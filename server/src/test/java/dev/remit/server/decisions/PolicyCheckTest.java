package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.registry.PolicyCheck.Problem;
import dev.remit.server.registry.PolicyCheck.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `plan` says of policies that must not become active.
@Tag("R92")
class PolicyCheckTest {
  private final DecisionsWorld world = new DecisionsWorld();

  private Problem problem(String... cedar) {
    var verdict = world.check(cedar);
    assertThat(verdict).isInstanceOf(Verdict.Invalid.class);
    return ((Verdict.Invalid) verdict).problems().getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permit (principal, action resource);                            | cannot be parsed
          permit (principal, action, resource) when { context.nope };     | `nope`
          permit (principal, action, resource) when { context.risk > "a" }; | expected
          permit (principal, action == Action::"fly", resource);          | unrecognized action
          permit (principal, action == Action::"call", resource);         | applicable action
          permit (principal == Robot::"x", action, resource);             | entity type
          permit (principal, action, resource) when { false };            | can never match
          permit (principal, action, resource == Tool::"files/gone");     | no Tool named
          permit (principal == Identity::"ghost", action, resource);      | no Identity named
          permit (principal in Workflow::"ghost", action, resource);      | no Workflow named
          permit (principal, action == Action::"files/read_file", resource == Tool::"bank/pay"); | can never match
          @redact("a/b") permit (principal, action, resource);            | neither a name
          @limit("rows") permit (principal, action, resource);            | argument:max
          @limit("rows:9") permit (principal, action, resource);          | takes such a number
          @limit("to:9") permit (principal, action in Action::"call", resource); | takes such a number
          @holt("approver") forbid (principal, action, resource);         | `@holt` is no annotation
          @redacted("ssn") permit (principal, action, resource);          | `@redacted` is no annotation
          @defer("soon") forbid (principal, action, resource);            | no duration
          @notify("boss") forbid (principal, action, resource);           | names no role
          @hold("approver") permit (principal, action, resource);         | belongs on
          @hold("boss") forbid (principal, action, resource);             | names no role
          permit (principal, action == Action::"bank/pay", resource) when { context.arguments.count == 1 }; | optional
          permit (principal, action in Action::"call", resource) when { context.arguments.path == "a" }; | not found
          permit (principal == ?principal, action, resource);             | template
          """)
  void what_cannot_hold_is_refused_with_a_reason_and_a_remedy(String cedar, String reason) {
    var problem = problem(cedar);

    assertThat(problem.policy().value()).isEqualTo("p0");
    assertThat(problem.line()).isEqualTo(1);
    assertThat(problem.message()).contains(reason);
    assertThat(problem.remedy()).isNotBlank();
  }

  @Test
  void a_problem_is_placed_by_line_and_column_within_the_whole_text() {
    var text =
        """
        // Grüße; "quotes" and ; in a comment
        permit (principal, action == Action::"list", resource)
        when { context.item == "; äöü" };

        forbid (principal, action, resource)
        when {
          context.risk > "high"
        };
        """;

    var problem = problem(text);

    assertThat(problem.line()).isEqualTo(7);
    assertThat(problem.column()).isEqualTo(18);
  }

  @Test
  void every_problem_of_every_text_is_told_at_once() {
    var verdict =
        (Verdict.Invalid)
            world.check(
                "permit (principal, action, resource) when { nope };",
                "permit (principal, action, resource) when { context.nope };");

    assertThat(verdict.problems()).hasSize(2);
    assertThat(verdict.problems().get(1).policy().value()).isEqualTo("p1");
  }

  @Test
  void the_gate_lets_engines_pass_that_agree_and_does_so_quickly() {
    var cedar = new String[20];
    for (int i = 0; i < cedar.length; i++) {
      cedar[i] =
          "permit (principal, action == Action::\"bank/pay\", resource) when { context.arguments"
              + " has count && context.arguments.count + "
              + i
              + " < 9223372036854775806 && context.arguments.amount.lessThan(decimal(\""
              + i
              + ".5\")) };";
    }
    long start = System.nanoTime();

    var verdict = world.check(cedar);

    System.out.printf(
        "gate over %d policies: %d ms%n", cedar.length, (System.nanoTime() - start) / 1_000_000);
    assertThat(verdict).isInstanceOf(Verdict.Valid.class);
  }
}
