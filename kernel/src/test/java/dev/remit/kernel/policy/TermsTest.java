package dev.remit.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a hold asks of people, as policies say it.
@Tag("R101")
class TermsTest {
  private static final List<Role> ANY = List.of(Role.OWNER, Role.APPROVER, Role.SECURITY);

  @Test
  void annotations_say_who_how_many_for_how_much_and_who_not() {
    var hold =
        Hold.of(
                Effect.FORBID,
                Map.of(
                    "hold", "approver, security",
                    "quorum", "2",
                    "uses", "20",
                    "apart", "deployer, reviewer",
                    "patience", "PT30M"))
            .orElseThrow();

    assertThat(hold)
        .isEqualTo(
            new Hold(
                new Terms(
                    Set.of(new Quorum(2, Set.of(Role.APPROVER, Role.SECURITY))),
                    20,
                    Set.of(Duty.DEPLOYER, Duty.REVIEWER)),
                Duration.ofMinutes(30)));
  }

  @Test
  void one_person_may_stand_for_several_roles_where_nobody_says_how_many() {
    var terms = Hold.of(Effect.FORBID, Map.of("hold", "approver,security")).orElseThrow().terms();

    assertThat(terms.areMetBy(List.of(Set.of(Role.APPROVER, Role.SECURITY)))).isTrue();
    assertThat(terms.areMetBy(List.of(Set.of(Role.APPROVER), Set.of(Role.SECURITY)))).isTrue();
    assertThat(terms.areMetBy(List.of(Set.of(Role.APPROVER), Set.of(Role.APPROVER)))).isFalse();
    assertThat(terms.usesMax()).isEqualTo(1);
  }

  @Test
  void people_who_hold_none_of_the_roles_do_not_count() {
    var two = new Quorum(2, Set.of(Role.APPROVER));

    assertThat(two.isMetBy(List.of(Set.of(Role.APPROVER), Set.of(Role.OWNER)))).isFalse();
    assertThat(two.isMetBy(List.of(Set.of(Role.APPROVER), Set.of(Role.APPROVER)))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "quorum, 0, approver, not a number from 1 to 5",
    "quorum, 6, approver, not a number from 1 to 5",
    "quorum, two, approver, not a number from 1 to 5",
    "quorum, 99999999999, approver, not a number from 1 to 5",
    "uses, 1001, approver, not a number from 1 to 1000",
    "apart, friend, approver, names no duty",
    "quorum, 2, 'approver, boss', names no role",
    "quorum, 2, '', names no role",
    "quorum, 2, 'approver,auditor', changes nothing"
  })
  void what_nobody_can_mean_is_refused(String annotation, String value, String roles, String says) {
    assertThatThrownBy(() -> Hold.of(Effect.FORBID, Map.of("hold", roles, annotation, value)))
        .isInstanceOf(UnreadablePolicy.class)
        .hasMessageContaining(says);
  }

  @ParameterizedTest
  @CsvSource({"quorum, 2", "uses, 5", "apart, deployer", "patience, PT1H"})
  void what_belongs_beside_a_hold_is_refused_alone(String annotation, String value) {
    assertThatThrownBy(() -> Hold.of(Effect.FORBID, Map.of(annotation, value)))
        .isInstanceOf(UnreadablePolicy.class)
        .hasMessageContaining("belongs beside `@hold`");
  }

  /// However two holds come together, whoever satisfies both satisfies each.
  @Test
  void terms_that_come_together_are_no_weaker_than_either() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      var one = anyTerms(random);
      var other = anyTerms(random);
      var agreed = anyPeople(random);

      var both = one.and(other);

      assertThat(both.areMetBy(agreed))
          .as("seed " + seed)
          .isEqualTo(one.areMetBy(agreed) && other.areMetBy(agreed));
      assertThat(both.usesMax()).isEqualTo(Math.min(one.usesMax(), other.usesMax()));
      assertThat(both.apart()).containsAll(one.apart()).containsAll(other.apart());
      assertThat(both).isEqualTo(other.and(one));
    }
  }

  private static Terms anyTerms(Random random) {
    return new Terms(
        Set.of(new Quorum(1 + random.nextInt(3), anyRoles(random))),
        1 + random.nextInt(9),
        random.nextBoolean() ? Set.of(Duty.DEPLOYER) : Set.of(Duty.GRANTER));
  }

  private static List<Set<Role>> anyPeople(Random random) {
    var people = new ArrayList<Set<Role>>();
    for (int i = random.nextInt(5); i > 0; i--) {
      people.add(anyRoles(random));
    }
    return people;
  }

  private static Set<Role> anyRoles(Random random) {
    var roles = new HashSet<Role>();
    do {
      roles.add(ANY.get(random.nextInt(ANY.size())));
    } while (random.nextBoolean());
    return roles;
  }
}
