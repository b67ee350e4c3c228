package dev.remit.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Findings.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The rule that everything rests on, taken apart: each test fails if one part of it is left out or
/// turned round.
@Tag("R80")
@Tag("R99")
class CombinationTest {
  private static final String TRUE = "{'Value':true}";
  private static final Policy PERMIT = Est.when("permit", "permit", TRUE);
  private static final Policy OTHER_PERMIT = Est.when("other-permit", "permit", TRUE);
  private static final Policy FORBID = Est.when("forbid", "forbid", TRUE);
  private static final Policy HOLD = hold("hold", "approver", "PT10M");
  private static final Policy SECURITY_HOLD = hold("security-hold", "security", "PT5M");
  private static final Policy REDACT =
      Est.annotated("redact", "permit", TRUE, "{'redact':'secret'}");
  private static final Policy LIMIT =
      Est.annotated("limit", "permit", TRUE, "{'limit':'rows:100, pages:5','redact':'name'}");
  private static final Policy TIGHT_LIMIT =
      Est.annotated("tight-limit", "permit", TRUE, "{'limit':'rows:10'}");
  private static final Policy DEFER = Est.annotated("defer", "forbid", TRUE, "{'defer':'PT1H'}");
  private static final Policy LONG_DEFER =
      Est.annotated("long-defer", "forbid", TRUE, "{'defer':'PT8H'}");

  private static final Policy HIGH_LIMIT =
      Est.annotated("high-limit", "permit", TRUE, "{'limit':'rows:500..900'}");

  private static Findings notAsked() {
    throw new AssertionError("what an approval would change must not matter here");
  }

  private static Policy hold(String id, String role, String patience) {
    return Est.annotated(
        id, "forbid", TRUE, "{'hold':'%s','patience':'%s'}".formatted(role, patience));
  }

  private static Answer yes(Policy policy) {
    return new Answer.Satisfied(policy);
  }

  private static Answer failed(Policy policy) {
    return new Answer.Failed(policy, "boom");
  }

  private static Answer undecided(Policy policy) {
    return new Answer.Undecided(policy, false);
  }

  private static Answer pending(Policy policy) {
    return new Answer.Undecided(policy, true);
  }

  private static Findings found(Answer... answers) {
    return new Findings(List.of(answers));
  }

  private static List<PolicyId> ids(Policy... policies) {
    return List.of(policies).stream().map(Policy::id).toList();
  }

  private static Decision remit(Answer... answers) {
    return Combination.REMIT.combine(found(answers), CombinationTest::notAsked);
  }

  private static Decision cedar(Answer... answers) {
    return Combination.CEDAR.combine(found(answers), CombinationTest::notAsked);
  }

  private static final List<PolicyError> NO_ERRORS = List.of();

  @Test
  void nothing_satisfied_denies_and_names_nobody() {
    var deny = new Decision.Deny(List.of(), NO_ERRORS, List.of());

    assertThat(remit()).isEqualTo(deny);
    assertThat(cedar()).isEqualTo(deny);
  }

  @Test
  void every_satisfied_permit_is_named_in_set_order() {
    var allow = new Decision.Allow(ids(OTHER_PERMIT, PERMIT), NO_ERRORS);

    assertThat(remit(yes(OTHER_PERMIT), yes(PERMIT))).isEqualTo(allow);
    assertThat(cedar(yes(OTHER_PERMIT), yes(PERMIT))).isEqualTo(allow);
  }

  @Test
  void a_forbid_wins_over_any_permit_on_either_side_of_it() {
    var deny = new Decision.Deny(ids(FORBID), NO_ERRORS, List.of());

    assertThat(remit(yes(PERMIT), yes(FORBID), yes(OTHER_PERMIT))).isEqualTo(deny);
    assertThat(cedar(yes(PERMIT), yes(FORBID), yes(OTHER_PERMIT))).isEqualTo(deny);
  }

  @Test
  void a_failing_forbid_denies_although_cedar_skips_it() {
    var errors = List.of(new PolicyError(FORBID.id(), "boom"));

    assertThat(remit(yes(PERMIT), failed(FORBID)))
        .isEqualTo(new Decision.Deny(ids(FORBID), errors, List.of()));
    assertThat(cedar(yes(PERMIT), failed(FORBID)))
        .isEqualTo(new Decision.Allow(ids(PERMIT), errors));
  }

  @Test
  void a_failing_permit_permits_nothing_and_is_reported() {
    var errors = List.of(new PolicyError(PERMIT.id(), "boom"));

    assertThat(remit(failed(PERMIT))).isEqualTo(new Decision.Deny(List.of(), errors, List.of()));
    assertThat(cedar(failed(PERMIT))).isEqualTo(new Decision.Deny(List.of(), errors, List.of()));
  }

  @Test
  void a_failing_permit_does_not_spoil_another() {
    var errors = List.of(new PolicyError(PERMIT.id(), "boom"));

    assertThat(remit(failed(PERMIT), yes(OTHER_PERMIT)))
        .isEqualTo(new Decision.Allow(ids(OTHER_PERMIT), errors));
  }

  @Test
  void a_failing_forbid_denies_beside_a_satisfied_one_and_both_are_named_in_set_order() {
    var deny = (Decision.Deny) remit(failed(FORBID), yes(HOLD), yes(PERMIT));

    assertThat(deny.because()).isEqualTo(ids(FORBID, HOLD));
  }

  @Test
  void a_failing_hold_denies_and_never_holds() {
    assertThat(remit(yes(PERMIT), failed(HOLD))).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void an_undecided_forbid_denies_and_an_undecided_permit_permits_nothing() {
    assertThat(remit(yes(PERMIT), undecided(FORBID)).because()).isEqualTo(ids(FORBID));
    assertThat(remit(yes(PERMIT), undecided(FORBID))).isInstanceOf(Decision.Deny.class);
    assertThat(remit(undecided(PERMIT))).isInstanceOf(Decision.Deny.class);
    assertThat(remit(undecided(PERMIT)).errors())
        .isEqualTo(List.of(new PolicyError(PERMIT.id(), Fault.UNDECIDED.getMessage())));
  }

  @Test
  void a_hold_that_is_the_only_thing_in_the_way_holds() {
    var decision =
        Combination.REMIT.combine(found(yes(PERMIT), yes(HOLD)), () -> found(yes(PERMIT)));

    assertThat(decision)
        .isEqualTo(
            new Decision.Hold(ids(HOLD), Set.of(Role.APPROVER), Duration.ofMinutes(10), NO_ERRORS));
  }

  @Test
  void several_holds_ask_for_every_role_within_the_shortest_patience() {
    var decision =
        Combination.REMIT.combine(
            found(yes(HOLD), yes(PERMIT), yes(SECURITY_HOLD)), () -> found(yes(PERMIT)));

    assertThat(decision)
        .isEqualTo(
            new Decision.Hold(
                ids(HOLD, SECURITY_HOLD),
                Set.of(Role.APPROVER, Role.SECURITY),
                Duration.ofMinutes(5),
                NO_ERRORS));
  }

  @Test
  void the_shortest_patience_counts_wherever_it_stands() {
    var decision =
        Combination.REMIT.combine(
            found(yes(SECURITY_HOLD), yes(HOLD), yes(PERMIT)), () -> found(yes(PERMIT)));

    assertThat(((Decision.Hold) decision).patience()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void a_failing_permit_does_not_spoil_a_hold() {
    var decision =
        Combination.REMIT.combine(
            found(failed(OTHER_PERMIT), yes(PERMIT), yes(HOLD)), () -> found(yes(PERMIT)));

    assertThat(decision).isInstanceOf(Decision.Hold.class);
  }

  @Test
  void what_defers_now_defers_although_an_approval_would_end_that_too() {
    var now = found(yes(PERMIT), yes(HOLD), yes(DEFER));

    assertThat(Combination.REMIT.combine(now, () -> found(yes(PERMIT))).because())
        .isEqualTo(ids(DEFER));
  }

  @Test
  void a_hold_beside_a_plain_forbid_denies() {
    var decision = remit(yes(PERMIT), yes(HOLD), yes(FORBID));

    assertThat(decision).isEqualTo(new Decision.Deny(ids(HOLD, FORBID), NO_ERRORS, List.of()));
  }

  @Test
  void a_hold_denies_where_an_approval_would_not_help() {
    var now = found(yes(PERMIT), yes(HOLD));
    var deny = new Decision.Deny(ids(HOLD), NO_ERRORS, List.of());

    assertThat(Combination.REMIT.combine(now, () -> found())).isEqualTo(deny);
    assertThat(Combination.REMIT.combine(now, () -> now)).isEqualTo(deny);
    assertThat(Combination.REMIT.combine(now, () -> found(yes(PERMIT), yes(FORBID))))
        .isEqualTo(deny);
    assertThat(Combination.REMIT.combine(now, () -> found(yes(PERMIT), failed(FORBID))))
        .isEqualTo(deny);
    assertThat(Combination.REMIT.combine(now, () -> found(yes(PERMIT), undecided(FORBID))))
        .isEqualTo(deny);
    assertThat(Combination.REMIT.combine(now, () -> found(yes(TIGHT_LIMIT), yes(HIGH_LIMIT))))
        .isEqualTo(deny);
  }

  @Test
  void an_annotation_means_nothing_to_cedar() {
    assertThat(cedar(yes(PERMIT), yes(HOLD))).isInstanceOf(Decision.Deny.class);
    assertThat(cedar(yes(REDACT))).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void obligations_of_all_satisfied_permits_apply_and_the_strictest_limit_wins() {
    var decision = remit(yes(PERMIT), yes(LIMIT), yes(REDACT), yes(TIGHT_LIMIT));

    assertThat(decision)
        .isEqualTo(
            new Decision.Modify(
                ids(PERMIT, LIMIT, REDACT, TIGHT_LIMIT),
                new Obligations(
                    List.of(
                        new Obligation.Limit("/pages", 0, 5), new Obligation.Limit("/rows", 0, 10)),
                    List.of(new Obligation.Redact("name"), new Obligation.Redact("secret")),
                    Set.of()),
                NO_ERRORS));
  }

  @Test
  void obligations_of_a_permit_that_is_not_satisfied_do_not_apply() {
    assertThat(remit(yes(PERMIT), failed(LIMIT))).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void limits_that_no_number_keeps_deny_and_name_the_permits_that_oblige() {
    var deny = (Decision.Deny) remit(yes(PERMIT), yes(TIGHT_LIMIT), yes(HIGH_LIMIT));

    assertThat(deny.ground()).isEqualTo(Decision.Ground.UNFULFILLED);
    assertThat(deny.because()).isEqualTo(ids(TIGHT_LIMIT, HIGH_LIMIT));
    assertThat(deny.errors())
        .extracting(PolicyError::message)
        .allMatch(message -> message.contains("/rows:500..10"));
  }

  @Test
  void a_deferring_forbid_defers_and_the_longest_wait_counts() {
    assertThat(remit(yes(LONG_DEFER), yes(PERMIT), yes(DEFER)))
        .isEqualTo(new Decision.Defer(ids(LONG_DEFER, DEFER), Duration.ofHours(8), NO_ERRORS));
  }

  @Test
  void a_missing_fact_defers_where_it_could_matter_and_only_there() {
    assertThat(remit(yes(PERMIT), pending(FORBID)))
        .isEqualTo(
            new Decision.Defer(
                ids(FORBID),
                Duration.ofSeconds(5),
                List.of(new PolicyError(FORBID.id(), Fault.PENDING.getMessage()))));
    assertThat(remit(pending(PERMIT))).isInstanceOf(Decision.Defer.class);
    assertThat(remit(pending(PERMIT), yes(OTHER_PERMIT))).isInstanceOf(Decision.Allow.class);
    assertThat(remit(pending(PERMIT), yes(FORBID)).because()).isEqualTo(ids(FORBID));
    assertThat(remit(pending(FORBID))).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void what_would_be_denied_anyhow_is_never_deferred() {
    var denied = ids(DEFER);

    assertThat(remit(yes(DEFER))).isEqualTo(new Decision.Deny(denied, NO_ERRORS, List.of()));
    assertThat(remit(yes(DEFER), yes(TIGHT_LIMIT), yes(HIGH_LIMIT)).because()).isEqualTo(denied);
    assertThat(remit(yes(DEFER), yes(PERMIT), yes(FORBID)))
        .isEqualTo(new Decision.Deny(ids(DEFER, FORBID), NO_ERRORS, List.of()));
    assertThat(remit(yes(DEFER), yes(PERMIT), undecided(FORBID))).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void what_is_held_and_deferred_is_deferred_unless_approval_could_not_help() {
    var now = found(yes(PERMIT), yes(HOLD), yes(DEFER));

    assertThat(Combination.REMIT.combine(now, () -> found(yes(PERMIT), yes(DEFER))))
        .isEqualTo(new Decision.Defer(ids(DEFER), Duration.ofHours(1), NO_ERRORS));
    assertThat(Combination.REMIT.combine(now, () -> now)).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void a_hold_waits_for_a_call_that_would_then_be_narrowed() {
    var now = found(yes(LIMIT), yes(HOLD));

    assertThat(Combination.REMIT.combine(now, () -> found(yes(LIMIT))))
        .isInstanceOf(Decision.Hold.class);
  }

  @Test
  void a_hold_that_would_next_be_deferred_is_deferred_at_once() {
    var now = found(yes(PERMIT), yes(HOLD));

    assertThat(Combination.REMIT.combine(now, () -> found(yes(PERMIT), yes(DEFER))).because())
        .isEqualTo(ids(DEFER));
  }

  /// Each kind of answer alone leads to one outcome; of two together the stricter remains.
  @Test
  void of_every_two_answers_the_stricter_outcome_remains() {
    var kinds = List.of(yes(PERMIT), yes(LIMIT), yes(HOLD), yes(DEFER), yes(FORBID));
    var words = List.of("allow", "modify", "hold", "defer", "deny");

    for (int i = 0; i < kinds.size(); i++) {
      for (int j = 0; j < kinds.size(); j++) {
        var now = found(yes(OTHER_PERMIT), kinds.get(i), kinds.get(j));
        var approved =
            new Findings(now.answers().stream().filter(a -> a.policy() != HOLD).toList());

        assertThat(Combination.REMIT.combine(now, () -> approved).word())
            .as("%s with %s", words.get(i), words.get(j))
            .isEqualTo(words.get(Math.max(i, j)));
      }
    }
  }

  @Test
  void a_list_hopes_for_the_best_of_what_is_not_known_and_for_nothing_else() {
    var hopeful = found(undecided(PERMIT), undecided(FORBID));
    var forbidden = found(undecided(PERMIT), yes(FORBID));
    var broken = found(undecided(PERMIT), failed(FORBID));

    assertThat(Combination.POSSIBLE.combine(hopeful, CombinationTest::notAsked))
        .isEqualTo(new Decision.Allow(ids(PERMIT), NO_ERRORS));
    assertThat(Combination.POSSIBLE.combine(forbidden, CombinationTest::notAsked))
        .isInstanceOf(Decision.Deny.class);
    assertThat(Combination.POSSIBLE.combine(broken, CombinationTest::notAsked))
        .isInstanceOf(Decision.Deny.class);
  }

  @Test
  void a_list_shows_what_could_be_narrowed_or_will_be_known_later() {
    assertThat(Combination.POSSIBLE.combine(found(undecided(LIMIT)), CombinationTest::notAsked))
        .isInstanceOf(Decision.Modify.class);
    assertThat(
            Combination.POSSIBLE.combine(
                found(yes(PERMIT), pending(FORBID)), CombinationTest::notAsked))
        .isInstanceOf(Decision.Allow.class);
  }

  @Test
  void a_list_shows_what_could_be_held() {
    var decision =
        Combination.POSSIBLE.combine(
            found(undecided(PERMIT), yes(HOLD)), () -> found(undecided(PERMIT)));

    assertThat(decision).isInstanceOf(Decision.Hold.class);
  }
}
