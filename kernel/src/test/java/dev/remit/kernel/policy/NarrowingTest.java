package dev.remit.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("R99")
class NarrowingTest {

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static Narrowing narrowed(String arguments, Obligation.Limit... limits) {
    return Narrowing.of(json(arguments), List.of(limits));
  }

  private static final Obligation.Limit ROWS = new Obligation.Limit("/rows", 0, 100);

  @Test
  void a_number_beyond_its_limit_becomes_the_limit_and_everything_else_stays() {
    var asked = json("{\"rows\":5000,\"of\":{\"rows\":9}}");

    var narrowing = Narrowing.of(asked, List.of(ROWS));

    assertThat(narrowing).hasToString("Narrowed[arguments={\"rows\":100,\"of\":{\"rows\":9}}]");
    assertThat(asked.get("rows").longValue()).as("what was asked stays").isEqualTo(5000);
  }

  @Test
  void a_number_within_its_limit_stays() {
    assertThat(narrowed("{\"rows\":100}", ROWS)).isEqualTo(new Narrowing.Unchanged());
  }

  @Test
  void a_limit_reaches_into_objects() {
    assertThat(narrowed("{\"page\":{\"size\":51}}", new Obligation.Limit("/page/size", 0, 50)))
        .hasToString("Narrowed[arguments={\"page\":{\"size\":50}}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|absent",
        "{\"rows\":null}|absent",
        "{\"rows\":\"5000\"}|not a number",
        "{\"rows\":[5000]}|not a number",
        "{\"rows\":-1}|below 0",
        "{\"rows\":1e999}|beyond all numbers",
        "[]|absent",
      })
  void what_cannot_be_limited_is_said(String arguments, String why) {
    assertThat(narrowed(arguments, ROWS))
        .isInstanceOfSatisfying(
            Narrowing.Impossible.class, no -> assertThat(no.why()).contains(why));
  }

  @Test
  void zero_that_means_all_is_refused_where_the_policy_says_so() {
    assertThat(narrowed("{\"rows\":0}", new Obligation.Limit("/rows", 1, 100)))
        .isInstanceOf(Narrowing.Impossible.class);
  }

  @Test
  void numbers_of_any_size_are_compared_exactly() {
    assertThat(narrowed("{\"rows\":100000000000000000000000}", ROWS))
        .hasToString("Narrowed[arguments={\"rows\":100}]");
    assertThat(narrowed("{\"rows\":100.5}", ROWS))
        .hasToString("Narrowed[arguments={\"rows\":100}]");
  }

  @Test
  void narrowing_again_changes_nothing() {
    var once = (Narrowing.Narrowed) narrowed("{\"rows\":5000}", ROWS);

    assertThat(Narrowing.of(once.arguments(), List.of(ROWS))).isEqualTo(new Narrowing.Unchanged());
  }
}
