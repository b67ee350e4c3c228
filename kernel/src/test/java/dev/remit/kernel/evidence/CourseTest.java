package dev.remit.kernel.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.evidence.Course.Asked;
import dev.remit.kernel.evidence.Course.Called;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A task's questions, proposals and calls, side by side.
@Tag("R190")
@Tag("R191")
@Tag("R194")
class CourseTest {
  private final List<RecordedEntry> entries = new ArrayList<>();

  private void recorded(String type, String at, String members) {
    var text =
        "{\"type\":\"%s\",\"at\":\"2026-11-01T10:00:%sZ\",%s}"
            .formatted(type, at, members.replace('\'', '"'));
    entries.add(new RecordedEntry(entries.size(), CanonicalJson.parse(text)));
  }

  private void question() {
    recorded(
        "call.decided",
        "01",
        "'id':'dec_q','action':'ask','target':'claude','decision':'allow','because':['ask'],"
            + "'identity':'spiffe://x/a'");
    recorded(
        "model.proposed",
        "02",
        "'id':'dec_p','of':'dec_q','tool':'read','target':'files/read','verdict':'passed'");
    recorded(
        "model.proposed",
        "02",
        "'id':'dec_n','of':'dec_q','tool':'pay','target':'bank/pay','verdict':'refused',"
            + "'reason':'not-granted'");
    recorded("call.ended", "03", "'of':'dec_q','outcome':'answered','tookMicros':1500,'bytes':90");
  }

  @Test
  void an_answer_stands_beside_the_call_that_it_proposed_and_what_came_of_that() {
    question();
    recorded(
        "call.decided",
        "04",
        "'id':'dec_c','action':'call','target':'files/read','decision':'allow','because':['p'],"
            + "'proposedBy':'dec_p','secrets':['jwt']");
    recorded(
        "call.ended",
        "05",
        "'of':'dec_c','outcome':'answered','tookMicros':10,'bytes':7,'secrets':['canary']");

    var course = Course.of(entries);

    var asked = (Asked) course.steps().get(0);
    var called = (Called) course.steps().get(1);
    assertThat(course.steps()).hasSize(2);
    assertThat(asked.proposals()).hasSize(2);
    assertThat(asked.proposals().getFirst().calls()).containsExactly("dec_c");
    assertThat(asked.doing().ended().orElseThrow().bytes()).isEqualTo(90);
    assertThat(called.proposedBy()).contains("dec_p");
    assertThat(called.doing().secrets()).containsExactly("canary", "jwt");
  }

  @Test
  void what_no_model_proposed_and_what_was_never_carried_out_is_seen_as_such() {
    question();
    recorded(
        "call.decided",
        "04",
        "'id':'dec_c','action':'call','target':'files/read','decision':'deny','because':['p']");
    recorded("call.refused", "05", "'id':'dec_r','target':'bank/pay','reason':'not-granted'");

    var course = Course.of(entries);

    assertThat(((Asked) course.steps().getFirst()).proposals())
        .allMatch(one -> one.calls().isEmpty());
    assertThat(course.steps().subList(1, 3))
        .allMatch(step -> ((Called) step).proposedBy().isEmpty());
    assertThat(course.steps().get(1).doing().ended()).isEmpty();
    assertThat(course.steps().get(2).doing().verdict()).isEqualTo("refused");
    assertThat(course.steps().get(2).doing().because()).isEqualTo("not-granted");
  }
}
