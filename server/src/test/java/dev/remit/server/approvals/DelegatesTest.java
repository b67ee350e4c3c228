package dev.remit.server.approvals;

import static dev.remit.server.approvals.ApprovalsWorld.ANNA;
import static dev.remit.server.approvals.ApprovalsWorld.BEA;
import static dev.remit.server.approvals.ApprovalsWorld.CARL;
import static dev.remit.server.approvals.ApprovalsWorld.SAM;
import static dev.remit.server.approvals.ApprovalsWorld.quorum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Person.Delegate;
import dev.remit.server.registry.Person.Period;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who answers in somebody's place does so in their own name, and nobody's word counts twice.
@Tag("R172")
class DelegatesTest {
  private static final String INVOICE = "{\"invoice\":\"17\"}";
  private static final PersonName TIM = new PersonName("tim");
  private final ApprovalsWorld world = new ApprovalsWorld();

  @AfterEach
  void every_row_is_accounted_for() {
    world.close();
  }

  /// Lets each of `to` stand in for `one` as an approver, for an hour.
  private void lends(PersonName one, PersonName... to) {
    var period = new Period(world.now.minusSeconds(1), world.now.plus(Duration.ofHours(1)));
    var known = Objects.requireNonNull(world.people.get(one), one::value);
    world.people.put(
        one,
        new Person(
            one,
            one.value(),
            known.email(),
            Optional.empty(),
            known.roles(),
            true,
            Optional.empty(),
            Optional.of(period),
            Arrays.stream(to)
                .map(name -> new Delegate(name, Set.of(Role.APPROVER), period))
                .toList()));
  }

  @Test
  void a_delegate_agrees_and_both_names_are_recorded() {
    lends(BEA, SAM);
    var held = world.held(INVOICE, quorum(1, Role.APPROVER));

    var settlement = world.agree(held, SAM);

    assertThat(settlement).isInstanceOf(Settlement.Granted.class);
    assertThat(world.read(held).agreements())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.by()).isEqualTo(SAM);
          assertThat(one.standsInFor()).contains(BEA);
        });
    assertThat(world.make(world.read(held))).isTrue();
    for (var type : List.of("approval.agreed", "approval.settled")) {
      assertThat(world.entries(type).getFirst().path("by").asString("")).isEqualTo("sam");
      assertThat(world.entries(type).getFirst().path("for").asString("")).isEqualTo("bea");
    }
  }

  @Test
  @Tag("R174")
  void what_a_delegate_agreed_to_is_void_once_they_or_whom_they_stood_in_for_may_not_any_more() {
    lends(BEA, SAM);
    var first = world.held(INVOICE, quorum(1, Role.APPROVER));
    var second = world.held("{\"invoice\":\"18\"}", quorum(1, Role.APPROVER));
    world.agree(first, SAM);
    world.agree(second, SAM);

    world.person(BEA, Role.AUDITOR);
    assertThat(world.make(world.read(first))).isFalse();
    world.person(BEA, Role.APPROVER);
    world.people.remove(SAM);

    assertThat(world.make(world.read(second))).isFalse();
    assertThat(world.read(second).state()).isEqualTo(State.VOID);
  }

  @Test
  void a_delegate_declines_for_somebody_too() {
    lends(BEA, SAM);
    var held = world.held(INVOICE, quorum(1, Role.APPROVER));

    assertThat(world.decline(held, SAM)).isInstanceOf(Settlement.Declined.class);

    assertThat(world.entries("approval.settled").getFirst().path("for").asString(""))
        .isEqualTo("bea");
  }

  @Test
  void nobody_stands_in_for_whoever_asks() {
    lends(ANNA, SAM);
    var held = world.held(INVOICE, quorum(1, Role.APPROVER));

    assertThat(world.agree(held, SAM)).isInstanceOf(Settlement.NotAsked.class);
    assertThat(world.read(held).state()).isEqualTo(State.PENDING);
  }

  @Test
  void whoever_asks_stands_in_for_nobody() {
    world.person(ANNA, Role.OWNER);
    lends(BEA, ANNA);
    var held = world.held(INVOICE, quorum(1, Role.APPROVER));

    assertThat(world.agree(held, ANNA)).isEqualTo(new Settlement.OwnRequest(ANNA));
  }

  @Test
  void one_persons_word_counts_once_whoever_gives_it() {
    world.person(TIM, Role.OWNER);
    lends(BEA, SAM, TIM);
    var held = world.held(INVOICE, quorum(2, Role.APPROVER));

    assertThat(world.agree(held, SAM)).isInstanceOf(Settlement.Counted.class);
    assertThat(world.agree(held, TIM)).isInstanceOf(Settlement.NotAsked.class);
    assertThat(world.agree(held, CARL)).isInstanceOf(Settlement.Granted.class);
  }

  @Test
  void it_is_over_when_it_is_over() {
    lends(BEA, SAM);
    world.pass(Duration.ofHours(1));
    var held = world.held(INVOICE, quorum(1, Role.APPROVER));

    assertThat(world.agree(held, SAM)).isInstanceOf(Settlement.NotAsked.class);
  }

  @Test
  void nobody_agrees_by_a_second_account_of_whoever_asks() {
    world.people.put(
        TIM,
        new Person(
            TIM,
            "anna's other account",
            Optional.empty(),
            Optional.empty(),
            Set.of(Role.APPROVER),
            true,
            Optional.of(ANNA),
            Optional.empty(),
            List.of()));
    var held = world.held(INVOICE, quorum(1, Role.APPROVER));

    assertThat(world.agree(held, TIM)).isInstanceOf(Settlement.Apart.class);
    assertThat(world.read(held).state()).isEqualTo(State.PENDING);
  }
}
