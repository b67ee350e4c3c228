package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.RecordedEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {
  private static final String COMMON =
      "'v':1,'at':'2026-11-21T10:00:00.000000Z','producer':'p','epoch':1,'n':1,'id':'dec_1',"
          + "'identity':'spiffe://example.org/invoices/invoice-agent','workflow':'invoices',"
          + "'task':'task_1','intent':'read-invoices','resource':'files',"
          + "'target':'files/read_file',";

  private static Explanation explained(String type, String members) {
    var json = DecisionsWorld.json("{" + COMMON + "'type':'" + type + "'," + members + "}");
    return Explanation.of(new RecordedEntry(7, json), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'decision':'allow','because':['p']                   | allowed by `p`                | nothing
          'decision':'hold','because':['p']                    | waits for a person            | approver
          'decision':'deny','because':['no-delete#2']          | denied by `no-delete#2`       | `remit get policy no-delete`
          'decision':'deny','because':[],'nearly':['p: x > 1'] | but for one condition         | p: x > 1
          'decision':'deny','errors':['p: boom']               | could not be evaluated        | p: boom
          'decision':'deny'                                    | because no policy permits it  | permit for invoice-agent on files/read_file
          """)
  void a_decision_says_why_and_what_next(String members, String why, String next) {
    var explanation = explained("call.decided", members);

    assertThat(explanation.summary()).contains(why);
    assertThat(explanation.nextStep()).contains(next);
  }

  @ParameterizedTest
  @CsvSource({
    "not-granted, grant",
    "outside-task, task whose scope",
    "definition-changed, reviewed",
    "bad-arguments, schema",
    "something-new, detail"
  })
  void a_refusal_before_policy_says_what_is_missing(String reason, String next) {
    var explanation =
        explained("call.refused", "'reason':'" + reason + "','detail':'it is missing'");

    assertThat(explanation.outcome()).isEqualTo("deny");
    assertThat(explanation.summary()).contains("it is missing");
    assertThat(explanation.nextStep()).contains(reason).contains(next);
  }

  @Test
  void the_answer_has_every_member_that_its_readers_rely_on() {
    var json = explained("call.decided", "'action':'call','decision':'allow'").toJson();

    assertThat(json.propertyNames())
        .containsAll(
            List.of(
                "id",
                "at",
                "outcome",
                "identity",
                "workflow",
                "task",
                "intent",
                "action",
                "resource",
                "tool",
                "because",
                "errors",
                "nearly",
                "nextStep",
                "policies",
                "receipt"));
    assertThat(json.path("tool").asString()).isEqualTo("files/read_file");
    assertThat(json.path("outcome").asString()).isEqualTo("allow");
  }

  @Test
  void what_was_only_asked_is_not_said_to_have_happened() {
    for (var outcome : java.util.List.of("allow", "hold", "modify", "defer", "filter")) {
      var members = "'asker':'edge','action':'call','decision':'" + outcome + "'";

      assertThat(explained("decision.asked", members).nextStep())
          .startsWith("nothing here: edge asked and enforces");
    }
    assertThat(
            explained("decision.asked", "'decision':'deny','reason':'not-granted','detail':'none'")
                .nextStep())
        .contains("ask for a grant");
  }
}
