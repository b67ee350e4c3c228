package dev.remit.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests made to be slow: the work is bounded, and whatever cannot be finished is never an
/// allow.
@Tag("R80")
@Tag("R82")
class BoundsTest {
  private static final int MANY = 1_000_000;
  private static final Value WHOLE = several(MANY, i -> new Value.Whole(i));
  private static final Value OTHER = several(MANY, i -> new Value.Whole(-1 - i));
  private static final Value NESTED =
      several(2_000, i -> several(1_000, j -> new Value.Whole(i + j)));

  @ParameterizedTest
  @ValueSource(strings = {"containsAll", "containsAny", "contains", "=="})
  void sets_of_a_million_members_are_never_a_reason_to_allow_what_could_not_be_compared(String op) {
    var body = "{'%s':{'left':%s,'right':%s}}".formatted(op, attribute("big"), attribute("other"));

    for (var pair :
        List.of(List.of(WHOLE, OTHER), List.of(NESTED, WHOLE), List.of(WHOLE, NESTED))) {
      var context = Map.of("big", pair.getFirst(), "other", pair.getLast());

      assertThat(decide("permit", body, context).word()).isEqualTo("deny");
      var forbidden = decide("forbid", body, context);
      if (!forbidden.errors().isEmpty()) {
        assertThat(forbidden.because()).extracting(PolicyId::value).contains("p");
      }
    }
  }

  @Test
  void a_member_is_found_among_a_million() {
    var body = "{'contains':{'left':%s,'right':%s}}".formatted(attribute("big"), attribute("one"));
    var context = Map.of("big", WHOLE, "one", new Value.Whole(MANY - 1));

    assertThat(decide("permit", body, context).word()).isEqualTo("allow");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 64})
  void a_wildcard_built_to_be_slow_denies_or_is_answered(int stars) {
    var pattern = new StringBuilder();
    for (int i = 0; i < stars; i++) {
      pattern.append("'Wildcard',{'Literal':'a'},");
    }
    var body =
        "{'like':{'left':%s,'pattern':[%s'Wildcard',{'Literal':'b'}]}}"
            .formatted(attribute("text"), pattern);
    var context = Map.<String, Value>of("text", new Value.Text("a".repeat(MANY)));

    assertThat(decide("permit", body, context).word()).isEqualTo("deny");
  }

  /// None of them takes too long by itself.
  @Test
  void many_policies_that_are_slow_together_are_bounded_and_deny() {
    var body =
        "{'like':{'left':%s,'pattern':['Wildcard',{'Literal':'a'},'Wildcard',{'Literal':'b'}]}}"
            .formatted(attribute("text"));
    var policies = new ArrayList<Policy>(List.of(Est.when("all", "permit", "{'Value':true}")));
    for (int i = 0; i < 100; i++) {
      policies.add(Est.when("guard" + i, "forbid", body));
    }
    var request = Est.request(Map.of("text", new Value.Text("a".repeat(MANY))));

    var few = new PolicySet(policies.subList(0, 5));
    var all = new PolicySet(policies);

    assertThat(few.decide(request, Entities.NONE, Combination.REMIT).word()).isEqualTo("allow");
    var decision = all.decide(request, Entities.NONE, Combination.REMIT);
    assertThat(decision.word()).isEqualTo("deny");
    assertThat(decision.errors()).isNotEmpty().hasSizeLessThan(100);
  }

  /// What agents can send: a text of 64 KiB, and a pattern with more and more stars.
  @ParameterizedTest
  @ValueSource(ints = {2, 20, 75, 200, 2_000})
  void neither_a_permit_nor_a_forbid_lets_a_slow_wildcard_through(int stars) {
    var pattern = "'Wildcard',{'Literal':'a'},".repeat(stars) + "'Wildcard',{'Literal':'b'}";
    var like = "{'like':{'left':%s,'pattern':[%s]}}".formatted(attribute("text"), pattern);
    var context = Map.<String, Value>of("text", new Value.Text("a".repeat(65_536)));

    assertThat(decide("permit", like, context).word()).isEqualTo("deny");
    assertThat(decide("forbid", "{'!':{'arg':%s}}".formatted(like), context).word())
        .isEqualTo("deny");
  }

  /// A thousand deep and ten wide at each level, so that a walk without memory would never end.
  @Test
  void a_hierarchy_of_many_ways_is_climbed_once() {
    var declared = new ArrayList<Entities.Declared>();
    for (int level = 0; level < 1_000; level++) {
      var parents = new ArrayList<EntityUid>();
      for (int i = 0; i < 10; i++) {
        parents.add(group(level + 1, i));
      }
      for (int i = 0; i < 10; i++) {
        declared.add(
            new Entities.Declared(group(level, i), Value.Members.EMPTY, Set.copyOf(parents)));
      }
    }
    declared.add(new Entities.Declared(Est.ALICE, Value.Members.EMPTY, Set.of(group(0, 0))));
    var entities = Entities.of(declared);

    assertThat(inGroup("g1000-9", entities)).isEqualTo("allow");
    assertThat(inGroup("nowhere", entities)).isEqualTo("deny");
  }

  private static String inGroup(String name, Entities entities) {
    var scope = "{'op':'in','entity':{'type':'Group','id':'%s'}}".formatted(name);
    var set = new PolicySet(List.of(Est.scoped("p", "permit", scope, "{'Value':true}")));
    return set.decide(Est.request(Map.of()), entities, Combination.REMIT).word();
  }

  private static Decision decide(String effect, String body, Map<String, Value> context) {
    var policies = new ArrayList<Policy>(List.of(Est.when("p", effect, body)));
    if (effect.equals("forbid")) {
      policies.add(Est.when("all", "permit", "{'Value':true}"));
    }
    return new PolicySet(policies).decide(Est.request(context), Entities.NONE, Combination.REMIT);
  }

  private static EntityUid group(int level, int i) {
    return new EntityUid("Group", "g" + level + "-" + i);
  }

  private static Value several(int count, IntFunction<Value> member) {
    var members = new ArrayList<Value>(count);
    for (int i = 0; i < count; i++) {
      members.add(member.apply(i));
    }
    return Value.Several.of(members);
  }

  private static String attribute(String name) {
    return "{'.':{'left':{'Var':'context'},'attr':'%s'}}".formatted(name);
  }
}
