package dev.remit.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("R99")
class ObligationsTest {

  private static Obligations of(String annotation, String text) {
    return Obligations.of(Effect.PERMIT, Map.of(annotation, text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rows:100|/rows:100",
        "rows:1..100|/rows:1..100",
        "/page/size:50|/page/size:50",
        "rows:100, rows:7|/rows:7",
        "a:b:3|",
        "rows:-1|",
        "rows:ten|",
        "rows|",
        "rows:|",
        ":5|",
        "rows:9..3|",
        "/a/*/b:3|",
        "rows:1,|",
        "rows:9999999999999999999|",
      })
  void a_limit_is_read_or_refused(String text, String read) {
    if (read == null) {
      assertThatThrownBy(() -> of("limit", text))
          .isInstanceOf(UnreadablePolicy.class)
          .hasMessageContaining("@limit");
    } else {
      assertThat(of("limit", text).limits()).singleElement().hasToString(read);
    }
  }

  @Test
  void fields_are_names_or_paths() {
    var read = of("redact", "ssn, /patients/*/name, /a~1b");

    assertThat(read.redactions())
        .extracting(Obligation.Redact::field)
        .containsExactly("/a~1b", "/patients/*/name", "ssn");
    assertThat(read.redactions()).filteredOn(Obligation.Redact::isAnywhere).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ssn,", "/", "a/b", "/a//b", "/a~2", "/a/*", "*", "two words"})
  void what_is_neither_a_name_nor_a_path_is_refused(String text) {
    assertThatThrownBy(() -> of("redact", text)).isInstanceOf(UnreadablePolicy.class);
  }

  @Test
  void somebody_is_told_by_role() {
    assertThat(of("notify", "security, owner").roles())
        .isEqualTo(Set.of(Role.SECURITY, Role.OWNER));
    assertThatThrownBy(() -> of("notify", "boss")).hasMessageContaining("names no role");
  }

  @Test
  void a_forbid_may_notify_but_has_nothing_to_narrow() {
    assertThat(Obligations.of(Effect.FORBID, Map.of("notify", "security")).narrows()).isFalse();
    assertThatThrownBy(() -> Obligations.of(Effect.FORBID, Map.of("redact", "ssn")))
        .isInstanceOf(UnreadablePolicy.class);
  }

  @Test
  void a_misspelled_annotation_is_named() {
    var policy = Est.annotated("p", "forbid", "{'Value':true}", "{'holt':'approver','id':'x'}");

    assertThat(policy.unknownAnnotations()).containsExactly("holt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'defer':'soon'}", "{'defer':'PT0S'}", "{'defer':'P31D'}"})
  void a_wait_that_is_none_is_refused(String annotations) {
    assertThatThrownBy(() -> Est.annotated("p", "forbid", "{'Value':true}", annotations))
        .isInstanceOf(UnreadablePolicy.class)
        .hasMessageContaining("@defer");
  }

  @Test
  void one_policy_gives_one_answer() {
    var both = "{'defer':'PT1H','hold':'approver'}";

    assertThatThrownBy(() -> Est.annotated("p", "forbid", "{'Value':true}", both))
        .hasMessageContaining("two policies");
    assertThatThrownBy(() -> Est.annotated("p", "permit", "{'Value':true}", "{'defer':'PT1H'}"))
        .hasMessageContaining("belongs on a forbid");
  }

  /// Order does not matter, repeating changes nothing, and together is never milder than alone.
  @Test
  void obligations_only_ever_add_up() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      var one = any(random);
      var other = any(random);

      var both = one.and(other);

      assertThat(both).as("seed %d", seed).isEqualTo(other.and(one)).isEqualTo(both.and(one));
      for (var limit : one.limits()) {
        assertThat(both.limits())
            .as("seed %d", seed)
            .anyMatch(strict ->
                strict.argument().equals(limit.argument())
                    && strict.max() <= limit.max()
                    && strict.min() >= limit.min());
      }
      assertThat(both.redactions()).as("seed %d", seed).containsAll(one.redactions());
      assertThat(both.roles()).as("seed %d", seed).containsAll(one.roles());
    }
  }

  private static Obligations any(Random random) {
    var limits =
        random.nextBoolean()
            ? List.<Obligation.Limit>of()
            : List.of(
                new Obligation.Limit(
                    "/" + random.nextInt(3), random.nextInt(5), random.nextInt(9)));
    var redactions =
        random.nextBoolean()
            ? List.<Obligation.Redact>of()
            : List.of(new Obligation.Redact("f" + random.nextInt(3)));
    var roles =
        random.nextBoolean()
            ? Set.<Role>of()
            : Set.of(
                List.copyOf(EnumSet.allOf(Role.class)).get(random.nextInt(Role.values().length)));
    return new Obligations(limits, redactions, roles);
  }
}
