package dev.remit.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("R80")
class PolicySetTest {
  private static final String CONTEXT = "{'Var':'context'}";

  private static String attribute(String name) {
    return "{'.':{'left':" + CONTEXT + ",'attr':'" + name + "'}}";
  }

  private static String binary(String op, String left, String right) {
    return "{'" + op + "':{'left':" + left + ",'right':" + right + "}}";
  }

  private static String call(String function, String text) {
    return "{'" + function + "':[{'Value':'" + text + "'}]}";
  }

  private static Findings.Answer answer(String body) {
    var set = new PolicySet(List.of(Est.when("p", "permit", body)));
    var findings = set.evaluate(Est.request(Map.of()), Entities.NONE);
    return findings.answers().isEmpty() ? NOTHING : findings.answers().getFirst();
  }

  private static final Findings.Answer NOTHING =
      new Findings.Answer.Undecided(Est.when("nothing", "permit", "{'Value':true}"), false);

  private static boolean isTrue(String body) {
    return answer(body) instanceof Findings.Answer.Satisfied;
  }

  private static boolean fails(String body) {
    return answer(body) instanceof Findings.Answer.Failed;
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0, true",
    "-1.5, -1.5, true",
    "0.1, 0.10, true",
    "0.0001, 0.0002, false",
    "-0.5, -0.5, true",
    "922337203685477.5807, 922337203685477.5807, true",
    "-922337203685477.5808, -922337203685477.5808, true",
    "-0.0001, 0.0001, false"
  })
  void decimals_are_equal_by_value(String left, String right, boolean equal) {
    assertThat(isTrue(binary("==", call("decimal", left), call("decimal", right))))
        .isEqualTo(equal);
  }

  @ParameterizedTest
  @CsvSource({
    "decimal, 1",
    "decimal, 1.",
    "decimal, .5",
    "decimal, 1.00001",
    "decimal, 1e1",
    "decimal, 922337203685477.5808",
    "decimal, +1.0",
    "ip, 1.2.3",
    "ip, 1.2.3.256",
    "ip, 01.2.3.4",
    "ip, 1.2.3.4/33",
    "ip, 1.2.3.4/",
    "ip, 1.2.3.4/01",
    "ip, ::1/129",
    "ip, ::ffff:1.2.3.4",
    "ip, 1:2:3:4:5:6:7:8::",
    "ip, 1::2::3",
    "ip, :::",
    "ip, 12345::",
    "ip, 1:2:3:4:5:6:7",
    "datetime, 2024-02-30",
    "datetime, 2024-1-1",
    "datetime, 2024-01-01T00:00:00",
    "datetime, 2024-01-01T24:00:00Z",
    "datetime, 2024-01-01T00:00:60Z",
    "datetime, 2024-01-01T00:00:00+2400",
    "datetime, 2024-01-01T00:00:00.1Z",
    "duration, 1",
    "duration, -",
    "duration, 1s1m",
    "duration, 9223372036854775808ms",
    "duration, 1d-1h",
    "duration, 106751991168d"
  })
  void texts_that_cedar_refuses_are_refused(String function, String text) {
    assertThat(fails(binary("==", call(function, text), call(function, text)))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.0/8, true",
    "10.0.0.0/7, 10.0.0.0/8, false",
    "::1, ::/0, true",
    "::1, 0.0.0.0/0, false",
    "1.2.3.4, 1.2.3.4, true",
    "ff02::1, ff00::/8, true",
    "fe80::1, ff00::/8, false",
    "2001:db8::1, 2001:db8::/96, true",
    "2001:db8::1:0:1, 2001:db8::/96, false",
    "1.2.3.4, 0.0.0.0/0, true"
  })
  void addresses_are_in_range_by_their_bits(String address, String range, boolean in) {
    var body = "{'isInRange':[" + call("ip", address) + "," + call("ip", range) + "]}";

    assertThat(isTrue(body)).isEqualTo(in);
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-01, 2024-01-01T00:00:00Z", "2024-01-01T01:00:00+0100, 2024-01-01T00:00:00Z",
    "2023-12-31T23:59:59.999-0001, 2024-01-01T00:00:59.999Z", "0000-01-01, 0000-01-01T00:00:00.000Z"
  })
  void instants_are_equal_across_offsets(String left, String right) {
    assertThat(isTrue(binary("==", call("datetime", left), call("datetime", right)))).isTrue();
  }

  @Test
  void integer_arithmetic_fails_instead_of_wrapping() {
    var max = "{'Value':9223372036854775807}";
    var min = "{'Value':-9223372036854775808}";

    assertThat(fails(binary("==", binary("+", max, "{'Value':1}"), max))).isTrue();
    assertThat(fails(binary("==", binary("-", min, "{'Value':1}"), max))).isTrue();
    assertThat(fails(binary("==", binary("*", max, "{'Value':2}"), max))).isTrue();
    assertThat(fails(binary("==", "{'neg':{'arg':" + min + "}}", max))).isTrue();
  }

  @Test
  void and_and_or_stop_where_they_are_decided() {
    var boom = attribute("missing");

    assertThat(answer(binary("&&", "{'Value':false}", boom))).isSameAs(NOTHING);
    assertThat(isTrue(binary("||", "{'Value':true}", boom))).isTrue();
    assertThat(fails(binary("&&", boom, "{'Value':false}"))).isTrue();
    assertThat(fails(binary("||", boom, "{'Value':true}"))).isTrue();
  }

  @Test
  void what_is_not_known_is_decided_by_what_is() {
    var body = binary("&&", binary("==", attribute("later"), "{'Value':1}"), attribute("now"));
    var set = new PolicySet(List.of(Est.when("p", "permit", body)));

    var no =
        set.evaluate(
            Est.request(Map.of("later", Value.Unknown.UNKNOWN, "now", Value.Bool.FALSE)),
            Entities.NONE);
    var perhaps =
        set.evaluate(
            Est.request(Map.of("later", Value.Unknown.UNKNOWN, "now", Value.Bool.TRUE)),
            Entities.NONE);

    assertThat(no.answers()).isEmpty();
    assertThat(perhaps.answers()).singleElement().isInstanceOf(Findings.Answer.Undecided.class);
  }

  @ParameterizedTest
  @CsvSource({
    "a*b, ab, true",
    "a*b, axxb, true",
    "a*b, ba, false",
    "*, '', true",
    "a*a, a, false",
    "*x*x*, xx, true",
    "*x*x*, x, false",
    "**, q, true",
    "a*bc*d, abcbcd, true"
  })
  void wildcards_match_any_run_of_characters(String pattern, String text, boolean matches) {
    var parts = List.of(pattern.split("\\*", -1));

    assertThat(new Wildcard(parts).matches(text)).isEqualTo(matches);
  }

  @Test
  void a_pattern_built_to_be_slow_is_not() {
    var parts = new ArrayList<String>();
    for (int i = 0; i < 200; i++) {
      parts.add("a");
    }
    parts.add("b");

    assertThat(new Wildcard(parts).matches("a".repeat(100_000))).isFalse();
  }

  @Test
  void work_is_bounded_and_running_out_is_a_failure() {
    var wildcard = "{'like':{'left':" + attribute("text") + ",'pattern':['Wildcard','Wildcard',";
    var body = wildcard + "'Wildcard','Wildcard','Wildcard','Wildcard',{'Literal':'x'}]}}";
    var set = new PolicySet(List.of(Est.when("p", "forbid", body)));
    var huge = new Value.Text("a".repeat(1_000_000));

    var decision = set.decide(Est.request(Map.of("text", huge)), Entities.NONE, Combination.REMIT);

    assertThat(decision).isInstanceOf(Decision.Deny.class);
    assertThat(decision.errors().getFirst().message()).contains("work");
  }

  @Test
  void a_loop_in_the_hierarchy_ends_and_a_deep_one_is_climbed() {
    var declared = new ArrayList<Entities.Declared>();
    for (int i = 0; i < 1_000; i++) {
      var next = new EntityUid("Group", "g" + (i + 1) % 1_000);
      declared.add(
          new Entities.Declared(
              new EntityUid("Group", "g" + i), Value.Members.EMPTY, Set.of(next)));
    }
    declared.add(
        new Entities.Declared(
            Est.ALICE, Value.Members.EMPTY, Set.of(new EntityUid("Group", "g0"))));
    var set =
        new PolicySet(
            List.of(
                Est.scoped(
                    "p",
                    "permit",
                    "{'op':'in','entity':{'type':'Group','id':'g999'}}",
                    "{'Value':true}")));

    var decision = set.decide(Est.request(Map.of()), Entities.of(declared), Combination.CEDAR);

    assertThat(decision).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void an_expression_that_nests_too_deep_is_refused_when_it_is_read() {
    var body = "{'!':{'arg':".repeat(220) + "{'Value':true}" + "}}".repeat(220);

    assertThatThrownBy(() -> Est.when("p", "permit", body))
        .isInstanceOf(UnreadablePolicy.class)
        .hasMessageContaining("deeper");
  }

  @Test
  void a_long_chain_is_no_deep_nesting() {
    var body = new StringBuilder("{'Value':true}");
    for (int i = 0; i < 200; i++) {
      body.insert(0, "{'&&':{'left':").append(",'right':{'Value':true}}}");
    }

    assertThat(isTrue(body.toString())).isTrue();
  }

  @Test
  void messages_of_failures_hold_no_value_of_the_request() {
    var set =
        new PolicySet(List.of(Est.when("p", "forbid", binary("<", attribute("n"), "{'Value':1}"))));
    var secret = Map.<String, Value>of("n", new Value.Text("hunter2"));

    var decision = set.decide(Est.request(secret), Entities.NONE, Combination.REMIT);

    assertThat(decision.errors()).hasSize(1);
    assertThat(decision.toString()).doesNotContain("hunter2");
  }

  @Test
  void annotations_of_ours_that_are_misused_are_refused_when_they_are_read() {
    for (var wrong :
        List.of(
            "{'hold':'nobody'}",
            "{'patience':'PT1H'}",
            "{'hold':'approver','patience':'1h'}",
            "{'hold':'approver','patience':'PT0S'}",
            "{'hold':'approver','patience':'P31D'}")) {
      assertThatThrownBy(() -> Est.annotated("p", "forbid", "{'Value':true}", wrong))
          .as(wrong)
          .isInstanceOf(UnreadablePolicy.class);
    }
    assertThatThrownBy(() -> Est.annotated("p", "permit", "{'Value':true}", "{'hold':'approver'}"))
        .isInstanceOf(UnreadablePolicy.class);
  }

  /// The index may only leave out what cannot cover: with it and without it, the same answers. The
  /// seed is in the message.
  @Test
  void the_index_leaves_out_nothing_that_matters() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var world = new IndexWorld(random);
      var set = new PolicySet(world.policies());
      for (int i = 0; i < 20; i++) {
        var request = world.request();

        var found = set.evaluate(request, world.entities());

        var covering =
            world.policies().stream()
                .filter(policy -> new Frame(request, world.entities()).isCoveredBy(policy.source()))
                .map(Policy::id)
                .toList();
        assertThat(found.answers().stream().map(answer -> answer.policy().id()).toList())
            .as("seed %d", seed)
            .isEqualTo(covering);
      }
    }
  }
}
