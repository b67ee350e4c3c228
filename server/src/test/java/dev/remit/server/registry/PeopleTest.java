package dev.remit.server.registry;

import static dev.remit.server.registry.SecondPersonTest.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Accounts, absences, delegates, and who owns what its owner has left.
@Tag("R172")
class PeopleTest {
  private static final PersonName ANNA = new PersonName("anna");
  private static final PersonName BEN = new PersonName("ben");
  private static final PersonName CLEO = new PersonName("cleo");
  private static final Set<Role> APPROVER = Set.of(Role.APPROVER);
  private static final String WEEK = "from: 2026-11-20, until: 2026-11-27";

  private final RegistryWorld world = new RegistryWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private Registered registered() {
    return world.registry.current();
  }

  private static String lending(String name, String roles, String to, String lent) {
    return person(
        name, roles, ", delegates: [{to: " + to + ", roles: " + lent + ", " + WEEK + "}]");
  }

  private Optional<StandIns.Lent> lent(PersonName person, Set<Role> roles, PersonName asker) {
    return StandIns.to(
        person,
        roles,
        APPROVER,
        one -> TwoPeople.are(one, asker, registered()),
        registered(),
        RegistryWorld.NOW);
  }

  @Test
  void accounts_of_one_person_are_one_person() {
    world.given(
        person("anna", "[owner]", ""),
        person("anna-ops", "[security]", ", accountOf: anna"),
        person("anna-night", "[security]", ", accountOf: anna"),
        person("ben", "[security]", ""));

    var known = registered();

    assertThat(TwoPeople.are(ANNA, new PersonName("anna-ops"), known)).isFalse();
    assertThat(TwoPeople.are(new PersonName("anna-night"), new PersonName("anna-ops"), known))
        .isFalse();
    assertThat(TwoPeople.are(ANNA, BEN, known)).isTrue();
    assertThat(TwoPeople.are(ANNA, ANNA, known)).isFalse();
    assertThat(TwoPeople.are(new PersonName("nobody"), ANNA, known)).isTrue();
  }

  @Test
  void an_account_belongs_to_a_person_and_not_to_an_account() {
    assertThat(
            world.refusals(
                person("anna", "[owner]", ""),
                person("anna-ops", "[security]", ", accountOf: anna"),
                person("anna-two", "[security]", ", accountOf: anna-ops")))
        .containsExactly("R172");
    assertThat(world.refusals(person("ben", "[security]", ", accountOf: ben")))
        .containsExactly("R172");
    assertThat(world.refusals(person("ben", "[security]", ", accountOf: gone")))
        .containsExactly("link");
  }

  @Test
  void a_delegate_answers_for_somebody_with_the_roles_that_were_lent_and_only_then() {
    world.given(lending("cleo", "[approver]", "ben", "[approver]"), person("ben", "[owner]", ""));

    assertThat(lent(BEN, Set.of(Role.OWNER), ANNA)).contains(new StandIns.Lent(CLEO, APPROVER));
    assertThat(lent(CLEO, APPROVER, ANNA)).isEmpty();
    var later = RegistryWorld.NOW.plus(Duration.ofDays(7));
    assertThat(StandIns.to(BEN, Set.of(), APPROVER, _ -> true, registered(), later)).isEmpty();
    assertThat(
            StandIns.to(
                BEN, Set.of(), Set.of(Role.SECURITY), _ -> true, registered(), RegistryWorld.NOW))
        .isEmpty();
  }

  @Test
  void nobody_stands_in_for_whoever_asks() {
    world.given(lending("cleo", "[approver]", "ben", "[approver]"), person("ben", "[owner]", ""));

    assertThat(lent(BEN, Set.of(), CLEO)).isEmpty();
  }

  @Test
  void what_was_lent_is_not_lent_on() {
    world.given(
        lending("cleo", "[approver]", "ben", "[approver]"),
        person("ben", "[owner]", ""),
        person("dora", "[owner]", ""));

    assertThat(world.refusals(lending("ben", "[owner]", "dora", "[approver]")))
        .containsExactly("R172");
  }

  @Test
  void who_has_left_or_lost_the_role_lends_nothing() {
    world.given(
        lending("cleo", "[approver]", "ben", "[approver]")
            .replace("spec: {", "spec: {standing: left, "),
        person("ben", "[owner]", ""));

    assertThat(lent(BEN, Set.of(), ANNA)).isEmpty();
  }

  @Test
  void a_delegation_has_bounds() {
    world.given(person("ben", "[owner]", ""), person("anna", "[approver]", ""));

    assertThat(
            world.refusals(
                lending("cleo", "[approver]", "ben", "[approver]").replace("27}", "19}")))
        .containsExactly("form");
    assertThat(
            world.refusals(
                lending("cleo", "[approver]", "ben", "[approver]")
                    .replace("2026-11-27", "2027-11-27")))
        .containsExactly("R172");
    assertThat(world.refusals(lending("cleo", "[admin]", "ben", "[admin]")))
        .containsExactly("R172");
    assertThat(world.refusals(lending("cleo", "[approver]", "cleo", "[approver]")))
        .containsExactly("R172");
    assertThat(world.refusals(lending("cleo", "[approver]", "gone", "[approver]")))
        .containsExactly("link");
  }

  @Test
  @Tag("R8")
  @Tag("R18")
  void when_an_owner_leaves_the_named_successor_owns_at_once_and_that_is_recorded() {
    world.given(Manifests.all());
    world.given(person("ben", "[owner]", ""));
    world.given(Manifests.INVOICES.replace("owner: anna", "owner: anna\n  successor: ben"));
    assertThat(owner()).isEqualTo(ANNA);

    var planned = world.given(Manifests.ANNA.replace("spec: {", "spec: {standing: left, "));

    assertThat(owner()).isEqualTo(BEN);
    assertThat(planned.isApplicable()).isTrue();
    assertThat(world.said("owner.succeeded", "workflow", "from", "to"))
        .containsExactly("invoices anna ben");
    assertThat(
            world
                .anotherNode()
                .current()
                .workflow(new WorkflowName("invoices"))
                .orElseThrow()
                .owner())
        .isEqualTo(BEN);
  }

  @Test
  @Tag("R8")
  void without_a_successor_nobody_owns_and_the_plan_says_so() {
    world.given(Manifests.all());

    var planned = world.given(Manifests.ANNA.replace("spec: {", "spec: {standing: left, "));

    assertThat(owner()).isEqualTo(ANNA);
    assertThat(planned.flaws().stream().map(flaw -> flaw.rule())).contains("R8");
    assertThat(world.said("owner.succeeded", "workflow")).isEmpty();
  }

  @Test
  void a_successor_can_own() {
    world.given(Manifests.all());
    world.given(person("ben", "[auditor]", ""));

    assertThat(
            world.refusals(
                Manifests.INVOICES.replace("owner: anna", "owner: anna\n  successor: ben")))
        .containsExactly("R8");
  }

  private PersonName owner() {
    return registered().workflow(new WorkflowName("invoices")).orElseThrow().owner();
  }
}
