package dev.remit.server.decisions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Obligation;
import dev.remit.kernel.policy.Obligations;
import dev.remit.kernel.policy.PolicyId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a chain of delegation may do is never more than any of its links may.
@Tag("R65")
class DelegatedTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final List<PolicyId> WHY = List.of(new PolicyId("why"));
  private static final Decision ALLOW = new Decision.Allow(WHY, List.of());
  private static final Decision DENY = new Decision.Deny(List.of(), List.of(), List.of());
  private static final Decision DEFER = new Decision.Defer(WHY, Duration.ofMinutes(1), List.of());
  private static final Decision MODIFY =
      new Decision.Modify(
          WHY,
          new Obligations(List.of(), List.of(new Obligation.Redact("ssn")), Set.of()),
          List.of());

  private static Question by(String identity, String... delegators) {
    var names = new ArrayList<IdentityName>();
    for (var name : delegators) {
      names.add(new IdentityName(name));
    }
    return new Question(
        new IdentityName(identity),
        new TaskFacts(
            TaskId.fresh(NOW),
            "read",
            10,
            NOW.plusSeconds(60),
            names,
            new Usage(0, 0, Map.of(), 0, 0, Set.of(), 0, 0)),
        Action.CALL,
        new Target.OfTool(ToolName.parse("files/read")),
        new Arguments.NotYet(),
        CallFacts.NONE,
        NOW);
  }

  private static Decision hold(Role role, int seconds) {
    return new Decision.Hold(WHY, Set.of(role), Duration.ofSeconds(seconds), List.of());
  }

  @Test
  void each_link_is_asked_as_itself_with_those_before_it() {
    var asked = new ArrayList<Question>();

    var _ =
        Delegated.decide(
            by("c", "a", "b"),
            question -> {
              asked.add(question);
              return ALLOW;
            });

    assertThat(asked)
        .extracting(question -> question.identity().value())
        .containsExactly("c", "a", "b");
    assertThat(asked)
        .extracting(question -> question.task().delegators().size())
        .containsExactly(2, 0, 1);
  }

  @Test
  void the_strictest_answer_counts_whoever_gets_it() {
    var all = List.of(ALLOW, MODIFY, hold(Role.OWNER, 60), DEFER, DENY);
    var random = new Random(5);
    for (int i = 0; i < 500; i++) {
      var answers =
          Map.of(
              "a", all.get(random.nextInt(5)),
              "b", all.get(random.nextInt(5)),
              "c", all.get(random.nextInt(5)));

      var together =
          Delegated.decide(
              by("c", "a", "b"),
              question -> requireNonNull(answers.get(question.identity().value())));

      int strictest = answers.values().stream().mapToInt(all::indexOf).max().orElseThrow();
      assertThat(together.word()).isEqualTo(all.get(strictest).word());
    }
  }

  @Test
  void of_two_holds_both_roles_must_agree_and_the_shorter_patience_counts() {
    var together =
        Delegated.decide(
            by("c", "a"),
            question ->
                question.identity().value().equals("c")
                    ? hold(Role.OWNER, 60)
                    : hold(Role.SECURITY, 30));

    assertThat(together).isInstanceOf(Decision.Hold.class);
    var held = (Decision.Hold) together;
    assertThat(held.roles()).containsExactlyInAnyOrder(Role.OWNER, Role.SECURITY);
    assertThat(held.patience()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void obligations_of_all_links_hold_together() {
    var together =
        Delegated.decide(
            by("c", "a"),
            question ->
                question.identity().value().equals("c")
                    ? MODIFY
                    : new Decision.Modify(
                        WHY,
                        new Obligations(
                            List.of(), List.of(new Obligation.Redact("iban")), Set.of()),
                        List.of()));

    assertThat(((Decision.Modify) together).obligations().redactions()).hasSize(2);
  }
}
