package dev.remit.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is not known, inside a record or a set: a comparison that it could turn is undecided, so a
/// permit that rests on it permits nothing and a forbid forbids; one that it could not is answered.
@Tag("R80")
class UnknownWithinTest {
  private static final Value ONE = new Value.Whole(1);
  private static final Value TWO = new Value.Whole(2);
  private static final Value HOLE = Value.Unknown.UNKNOWN;
  private static final Value SOON = Value.Unknown.PENDING;

  private static final Map<String, Value> FACTS =
      Map.ofEntries(
          Map.entry("one", ONE),
          Map.entry("two", TWO),
          Map.entry("none", Value.Several.NONE),
          Map.entry("ones", Value.Several.of(List.of(ONE))),
          Map.entry("both", Value.Several.of(List.of(ONE, TWO))),
          Map.entry("holed", Value.Several.of(List.of(ONE, HOLE))),
          Map.entry("known", Value.Members.of(Map.of("n", ONE))),
          Map.entry("other", Value.Members.of(Map.of("n", TWO))),
          Map.entry("open", Value.Members.of(Map.of("n", HOLE))),
          Map.entry("soon", Value.Members.of(Map.of("n", SOON))),
          Map.entry("records", Value.Several.of(List.of(record(ONE), record(HOLE)))),
          Map.entry("deep", Value.Members.of(Map.of("in", record(HOLE)))));

  private static Value record(Value n) {
    return Value.Members.of(Map.of("n", n));
  }

  @ParameterizedTest
  @CsvSource({
    "==, open, known, undecided",
    "==, known, open, undecided",
    "==, deep, known, undecided",
    "==, holed, both, undecided",
    "!=, open, known, undecided",
    "!=, known, other, true",
    "contains, holed, one, true",
    "contains, holed, two, undecided",
    "contains, both, two, true",
    "contains, ones, two, false",
    "contains, records, known, true",
    "contains, records, other, undecided",
    "contains, records, open, undecided",
    "containsAll, holed, ones, true",
    "containsAll, holed, both, undecided",
    "containsAll, both, holed, undecided",
    "containsAll, ones, both, false",
    "containsAll, none, both, false",
    "containsAll, holed, none, true",
    "containsAny, holed, both, true",
    "containsAny, both, holed, true",
    "containsAny, records, both, undecided",
    "containsAny, records, none, false",
    "containsAny, none, holed, false"
  })
  void a_comparison_that_the_unknown_could_turn_is_undecided_and_any_other_answered(
      String op, String left, String right, String says) {
    var body = "{'%s':{'left':%s,'right':%s}}".formatted(op, attribute(left), attribute(right));

    assertThat(said(body)).isEqualTo(says);
  }

  /// What a policy itself writes down around a fact is no different.
  @Test
  void a_set_or_a_record_made_in_the_policy_keeps_its_hole() {
    var hole = "{'.':{'left':%s,'attr':'n'}}".formatted(attribute("open"));
    var set = "{'Set':[{'Value':1},%s]}".formatted(hole);
    var record = "{'Record':{'n':%s}}".formatted(hole);

    assertThat(said("{'contains':{'left':%s,'right':{'Value':2}}}".formatted(set)))
        .isEqualTo("undecided");
    assertThat(said("{'==':{'left':%s,'right':%s}}".formatted(record, attribute("known"))))
        .isEqualTo("undecided");
  }

  @Test
  void a_forbid_in_doubt_denies_and_a_permit_in_doubt_does_not_allow() {
    var body = "{'==':{'left':%s,'right':%s}}".formatted(attribute("open"), attribute("known"));

    assertThat(decided("permit", body).word()).isEqualTo("deny");
    assertThat(decided("forbid", body).word()).isEqualTo("deny");
  }

  @Test
  void what_may_soon_be_known_is_worth_waiting_for_and_what_never_will_be_is_not() {
    var soon = "{'==':{'left':%s,'right':%s}}".formatted(attribute("soon"), attribute("known"));
    var never = "{'==':{'left':%s,'right':%s}}".formatted(attribute("soon"), attribute("open"));

    assertThat(decided("permit", soon).word()).isEqualTo("defer");
    assertThat(decided("permit", never).word()).isEqualTo("deny");
  }

  private static Decision decided(String effect, String body) {
    var policies = new java.util.ArrayList<>(List.of(Est.when("p", effect, body)));
    if (effect.equals("forbid")) {
      policies.add(Est.when("all", "permit", "{'Value':true}"));
    }
    return new PolicySet(policies).decide(Est.request(FACTS), Entities.NONE, Combination.REMIT);
  }

  private static String said(String body) {
    var answers =
        new PolicySet(List.of(Est.when("p", "permit", body)))
            .evaluate(Est.request(FACTS), Entities.NONE)
            .answers();
    if (answers.isEmpty()) {
      return "false";
    }
    return switch (answers.getFirst()) {
      case Findings.Answer.Satisfied _ -> "true";
      case Findings.Answer.Undecided _ -> "undecided";
      case Findings.Answer.Failed failed -> "failed: " + failed.message();
    };
  }

  private static String attribute(String name) {
    return "{'.':{'left':{'Var':'context'},'attr':'%s'}}".formatted(name);
  }
}
