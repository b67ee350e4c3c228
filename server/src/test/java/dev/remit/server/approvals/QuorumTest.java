package dev.remit.server.approvals;

import static dev.remit.server.approvals.ApprovalsWorld.ANNA;
import static dev.remit.server.approvals.ApprovalsWorld.BEA;
import static dev.remit.server.approvals.ApprovalsWorld.CARL;
import static dev.remit.server.approvals.ApprovalsWorld.SAM;
import static dev.remit.server.approvals.ApprovalsWorld.one;
import static dev.remit.server.approvals.ApprovalsWorld.quorum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.registry.Person;
import dev.remit.server.store.CommitFaults.Fault;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who has to agree, and who may not.
@Tag("R93")
@Tag("R101")
class QuorumTest {
  private static final String INVOICE = "{\"invoice\":\"17\"}";
  private final ApprovalsWorld world = new ApprovalsWorld();

  @AfterEach
  void every_row_is_accounted_for() {
    world.close();
  }

  @Test
  void two_people_have_to_agree_where_policy_wants_two() {
    var held = world.held(INVOICE, quorum(2, Role.APPROVER));

    assertThat(world.agree(held, BEA)).isInstanceOf(Settlement.Counted.class);
    assertThat(world.make(world.read(held))).isFalse();
    assertThat(world.agree(held, CARL)).isInstanceOf(Settlement.Granted.class);

    assertThat(world.read(held).agreements()).extracting(Agreement::by).containsExactly(BEA, CARL);
    assertThat(world.entries("approval.agreed")).hasSize(2);
    assertThat(world.make(world.read(held))).isTrue();
  }

  @Test
  void nobody_counts_twice() {
    var held = world.held(INVOICE, quorum(2, Role.APPROVER));
    world.agree(held, BEA);

    assertThat(world.agree(held, BEA)).isEqualTo(new Settlement.AgreedAlready(BEA));
    assertThat(world.read(held).state()).isEqualTo(State.PENDING);
  }

  @Test
  void one_human_does_not_count_twice_under_two_names() {
    var other = new PersonName("bea-again");
    world.people.put(
        other,
        new Person(
            other,
            "Bea",
            Optional.of("BEA@example.org"),
            Optional.empty(),
            Set.of(Role.APPROVER),
            true));
    var held = world.held(INVOICE, quorum(2, Role.APPROVER));
    world.agree(held, BEA);

    assertThat(world.agree(held, other)).isEqualTo(new Settlement.Apart(other, Duty.APPROVER));
  }

  @Test
  void the_roles_may_be_spread_over_several_people_but_none_may_be_missing() {
    var held = world.held(INVOICE, quorum(2, Role.APPROVER, Role.SECURITY));

    world.agree(held, BEA);
    assertThat(world.agree(held, CARL)).isInstanceOf(Settlement.Counted.class);
    assertThat(world.agree(held, SAM)).isInstanceOf(Settlement.Granted.class);
  }

  @Test
  void policies_that_each_want_somebody_are_all_satisfied() {
    var held = world.held(INVOICE, quorum(2, Role.APPROVER).and(Terms.of(Set.of(Role.SECURITY))));

    world.agree(held, SAM);
    world.agree(held, BEA);
    assertThat(world.read(held).wanted()).hasToString("[2 people with approver]");
    assertThat(world.agree(held, CARL)).isInstanceOf(Settlement.Granted.class);
  }

  @Test
  void one_who_says_no_is_enough_also_after_others_have_agreed() {
    var held = world.held(INVOICE, quorum(2, Role.APPROVER));
    world.agree(held, BEA);

    assertThat(world.decline(held, CARL)).isInstanceOf(Settlement.Declined.class);
    assertThat(world.agree(held, SAM)).isInstanceOf(Settlement.Settled.class);
    assertThat(world.told).contains("DECLINED by carl " + held.id());
  }

  @Test
  void whoever_agreed_may_still_say_no_while_it_waits() {
    var held = world.held(INVOICE, quorum(2, Role.APPROVER));
    world.agree(held, BEA);

    assertThat(world.decline(held, BEA)).isInstanceOf(Settlement.Declined.class);
  }

  @Test
  void duties_that_policy_keeps_apart_do_not_answer() {
    world.parts.put(Duty.DEPLOYER, BEA);
    var apart = new Terms(one(1).quorums(), 1, Set.of(Duty.DEPLOYER, Duty.REVIEWER));
    var held = world.held(INVOICE, apart);
    var other = world.held("{\"invoice\":\"18\"}", one(1));

    assertThat(world.agree(held, BEA)).isEqualTo(new Settlement.Apart(BEA, Duty.DEPLOYER));
    assertThat(world.agree(held, ANNA)).isEqualTo(new Settlement.OwnRequest(ANNA));
    assertThat(world.agree(held, CARL)).isInstanceOf(Settlement.Granted.class);
    assertThat(world.agree(other, BEA)).isInstanceOf(Settlement.Granted.class);
  }

  @Test
  void an_approver_whose_role_was_just_removed_does_not_answer_any_more() {
    var held = world.held(INVOICE, one(1));
    var shown = Set.of(Role.APPROVER);
    world.person(BEA, Role.PRIVACY);

    var answer =
        world.approvals.answer(held.id(), BEA, shown, Answering.once(true, "seen"), world.now);

    assertThat(answer).contains(new Settlement.NotAsked(Set.of(Role.APPROVER)));
  }

  @Test
  void an_agreement_goes_with_the_role_it_was_given_in() {
    var held = world.held(INVOICE, one(1));
    world.agree(held, BEA);
    world.person(BEA, Role.PRIVACY);

    assertThat(world.make(world.read(held))).isFalse();

    assertThat(world.read(held).state()).isEqualTo(State.VOID);
    assertThat(world.read(held).answer().orElseThrow().reason())
        .isEqualTo("bea no longer holds the role approver");
    assertThat(world.kindsOfFindings()).containsExactly("approval-void");
  }

  @Test
  void a_change_voids_at_the_next_request_says_which_and_a_person_is_asked_anew() {
    var held = world.held(INVOICE, one(1));
    world.agree(held, BEA);
    world.policies = dev.remit.kernel.canonical.Digest.of("others");

    var again = world.held(INVOICE, one(1));

    assertThat(again.id()).isNotEqualTo(held.id());
    assertThat(again.state()).isEqualTo(State.PENDING);
    assertThat(world.read(held).answer().orElseThrow().reason())
        .isEqualTo("the policies have changed");
    assertThat(world.told).contains("voided " + held.id(), "opened " + again.id());
  }

  @Test
  void an_answer_after_a_change_voids_and_says_what_changed() {
    var held = world.held(INVOICE, one(1));
    world.policies = dev.remit.kernel.canonical.Digest.of("others");

    assertThat(world.agree(held, BEA)).isInstanceOf(Settlement.Voided.class);
    assertThat(world.read(held).state()).isEqualTo(State.VOID);
  }

  @Test
  void of_many_answers_at_once_exactly_as_many_count_as_are_wanted() {
    var people =
        Stream.iterate(1, n -> n + 1).limit(8).map(n -> new PersonName("approver-" + n)).toList();
    people.forEach(person -> world.person(person, Role.APPROVER));
    var held = world.held(INVOICE, quorum(3, Role.APPROVER));

    List<Settlement> got;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      got =
          people.stream()
              .map(
                  person -> CompletableFuture.supplyAsync(() -> world.agree(held, person), threads))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
    }

    assertThat(got.stream().filter(Settlement.Granted.class::isInstance)).hasSize(1);
    assertThat(got.stream().filter(Settlement.Counted.class::isInstance)).hasSize(2);
    assertThat(got.stream().filter(Settlement.Settled.class::isInstance)).hasSize(5);
    assertThat(world.read(held).agreements()).hasSize(3);
  }

  /// Whether the commit was lost or stored but reported failed, an answer that is given again leads
  /// to one agreement and one grant.
  @ParameterizedTest
  @EnumSource
  void an_answer_whose_commit_failed_is_given_again_and_counts_once(Fault fault) {
    var held = world.held(INVOICE, one(1));
    world.faults.fail(fault, "SELECT 1 FROM approval_agreement");

    world.trying(() -> world.agree(held, BEA));
    var again = world.agree(held, BEA);

    assertThat(world.faults.hasFailed()).isTrue();
    assertThat(again)
        .isInstanceOf(fault == Fault.LOST ? Settlement.Granted.class : Settlement.Settled.class);
    assertThat(world.read(held).agreements()).hasSize(1);
    assertThat(world.entries("approval.agreed")).hasSize(1);
    assertThat(world.make(world.read(held))).isTrue();
  }

  /// A call whose approval could not be used up for certain is not made under it: once it was lost
  /// it may be tried again, once it was stored it never is.
  @ParameterizedTest
  @EnumSource
  void a_use_whose_commit_failed_is_never_taken_twice(Fault fault) {
    var held = world.held(INVOICE, one(1));
    world.agree(held, BEA);
    var granted = world.read(held);
    world.faults.fail(fault, "SELECT 1 FROM approval_outcome");

    world.trying(() -> world.make(granted));

    assertThat(world.faults.hasFailed()).isTrue();
    assertThat(world.make(granted)).isEqualTo(fault == Fault.LOST);
    assertThat(world.make(granted)).isFalse();
  }
}
