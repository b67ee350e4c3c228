package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.registry.PolicyCheck.Problem;
import dev.remit.server.registry.PolicyCheck.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Policies built to be too much, at plan: said with their line, or taken and bounded.
@Tag("R80")
class PolicyBoundsTest {
  private final DecisionsWorld world = new DecisionsWorld();

  private static String when(String condition) {
    return "permit (principal, action, resource)\nwhen { " + condition + " };";
  }

  private Problem problem(String cedar) {
    var verdict = world.check(cedar);
    assertThat(verdict).isInstanceOf(Verdict.Invalid.class);
    return ((Verdict.Invalid) verdict).problems().getFirst();
  }

  /// Parsed as they are, most of these would end the process: the parser is native.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(                                  | context.approved | )          | 20000 | brackets",
        "!(                                 | context.approved | )          | 20000 | brackets",
        "[                                  | context.risk     | ]          | 20000 | brackets",
        "if context.approved then true else | false            | ''         |  1800 | operators",
        "1 +                                | 1 == 2           | ''         | 15000 | operators",
        "''                                 | context.approved | && context.approved | 3200 | operators",
        "''                                 | context          | .a         | 30000 | dots",
        "''                                 | context          | .isEmpty() |  6000 | dots",
      })
  void what_would_overflow_the_parser_is_refused_before_it_is_parsed(
      String before, String inner, String after, int times, String what) {
    var problem = problem(when((before + " ").repeat(times) + inner + (" " + after).repeat(times)));

    assertThat(problem.line()).isEqualTo(2);
    assertThat(problem.message()).contains(what);
    assertThat(problem.remedy()).isNotBlank();
  }

  @Test
  void what_the_parser_takes_may_still_nest_too_deep_for_evaluation() {
    var problem = problem(when("if context.approved then true else ".repeat(300) + "false"));

    assertThat(problem.message()).contains("deeper");
  }

  @Test
  void brackets_and_operators_in_strings_and_comments_do_not_count() {
    var quiet = "(".repeat(300) + "&&".repeat(2_000);

    assertThat(
            world.check(
                "// "
                    + quiet
                    + "\n"
                    + "permit (principal, action == Action::\"files/read_file\", resource)"
                    + " when { context.arguments.path == \""
                    + quiet
                    + "\" };"))
        .isInstanceOf(Verdict.Valid.class);
  }

  @Test
  void a_chain_as_people_write_them_is_taken() {
    assertThat(world.check(when("context.risk > 1" + " && context.risk < 90".repeat(20))))
        .isInstanceOf(Verdict.Valid.class);
  }

  @Test
  void a_thousand_statements_in_one_text_are_checked_together() {
    var cedar = "forbid (principal, action == Action::\"list\", resource);\n".repeat(1_000);

    assertThat(world.check(cedar)).isInstanceOf(Verdict.Valid.class);
    assertThat(world.check(cedar + "permit (principal, action, resource) when { nope };"))
        .isInstanceOfSatisfying(
            Verdict.Invalid.class,
            invalid -> assertThat(invalid.problems().getFirst().line()).isEqualTo(1_001));
  }

  /// The arguments of a call are what an agent can make large.
  @Test
  void a_slow_pattern_over_a_large_argument_never_allows() {
    world.activate(
        "permit (principal, action == Action::\"files/read_file\", resource)"
            + " when { context.arguments.path like \""
            + "*a".repeat(100)
            + "*b\" };",
        "permit (principal, action == Action::\"bank/pay\", resource);",
        "forbid (principal, action == Action::\"bank/pay\", resource)"
            + " unless { context.arguments has to && context.arguments.to like \""
            + "*a".repeat(100)
            + "*b\" };");
    var long64k = "a".repeat(65_536);

    assertThat(world.call("files/read_file", "{'path':'" + long64k + "'}").decision().word())
        .isEqualTo("deny");
    assertThat(world.call("bank/pay", "{'amount':1,'to':'" + long64k + "'}").decision().word())
        .isEqualTo("deny");
  }

  @Test
  void a_set_larger_than_policy_looks_at_is_unknown_and_denies() {
    world.activate(
        "permit (principal, action == Action::\"bank/pay\", resource)"
            + " unless { context.arguments has tags && context.arguments.tags.contains(\"x\") };");
    var tags = "'y',".repeat(200_000) + "'y'";

    assertThat(world.call("bank/pay", "{'amount':1,'tags':[" + tags + "]}").decision().word())
        .isEqualTo("deny");
    assertThat(world.call("bank/pay", "{'amount':1,'tags':['y']}").decision().word())
        .isEqualTo("allow");
  }
}
