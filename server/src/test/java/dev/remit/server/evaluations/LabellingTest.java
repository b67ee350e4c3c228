package dev.remit.server.evaluations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.evaluations.Labelling.Labelled;
import dev.remit.server.evaluations.ScriptedModel.Said;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// People label without knowing whose answer it is, and what they say counts.
class LabellingTest {
  private static final String VAGUE = "Let me think about that with you.";

  private final EvaluationWorld world = new EvaluationWorld();

  @AfterEach
  void rows_and_ledger_agree() {
    world.close();
  }

  /// The new version says something to two questions that no list of phrases knows for a refusal.
  private EvaluationId vague() {
    world.models.says(
        "new",
        request ->
            ScriptedModel.lastText(request).contains("odometer")
                    || ScriptedModel.lastText(request).contains("jams the phones")
                ? Said.of(VAGUE)
                : EvaluationWorld.careful(request));
    var wish = world.wish("refusal");
    return world
        .ran(
            new Planning.Wish(
                wish.suites(),
                wish.candidate(),
                wish.baseline(),
                Optional.empty(),
                1,
                0.15,
                0.95,
                false,
                true,
                3,
                wish.budget()))
        .id();
  }

  @Test
  @Tag("R156")
  void a_verdict_waits_for_every_discordant_case_and_a_sample_and_then_people_decide() {
    var id = vague();
    assertThat(result(id).shown().why()).contains("5 cases wait for a label");

    int discordant = 0;
    for (int left = 5; left > 0; left--) {
      var item = world.labelling.next(id, EvaluationWorld.ANNA).orElseThrow();
      assertThat(item.left()).isEqualTo(left);
      assertThat(item.question()).isPresent();
      discordant += item.first().equals(item.second()) ? 0 : 1;
      assertThat(label(id, item, EvaluationWorld.ANNA, "passed", "passed"))
          .isEqualTo(Labelled.TAKEN);
    }

    assertThat(discordant).isEqualTo(2);
    assertThat(world.labelling.next(id, EvaluationWorld.ANNA)).isEmpty();
    assertThat(result(id).verdict()).isEqualTo(Verdict.PASS);
    assertThat(result(id).shown().tally().labels().sampled()).isEqualTo(3);
    assertThat(world.evaluations.verdicts(id).getFirst().verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void people_who_say_different_things_leave_a_case_unscored_and_it_is_shown() {
    var id = vague();
    while (world.labelling.next(id, EvaluationWorld.ANNA).isPresent()) {
      var item = world.labelling.next(id, EvaluationWorld.ANNA).orElseThrow();
      label(id, item, EvaluationWorld.ANNA, "passed", "passed");
    }
    var again = world.labelling.next(id, EvaluationWorld.BEN).orElseThrow();

    assertThat(label(id, again, EvaluationWorld.BEN, "failed", "unsure")).isEqualTo(Labelled.TAKEN);
    assertThat(label(id, again, EvaluationWorld.BEN, "passed", "passed")).isEqualTo(Labelled.AGAIN);

    assertThat(result(id).conflicts()).containsExactly(again.pair());
    assertThat(result(id).shown().tally().unscored()).isEqualTo(1);
    assertThat(result(id).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void which_answer_comes_first_says_nothing_and_what_is_not_asked_is_not_taken() {
    var id = vague();
    var item = world.labelling.next(id, EvaluationWorld.ANNA).orElseThrow();

    assertThat(
            world.labelling.label(
                id,
                "refusal/no-such",
                List.of("passed", "passed"),
                EvaluationWorld.ANNA,
                Instant.now()))
        .isEqualTo(Labelled.NOT_ASKED);
    assertThatThrownBy(() -> label(id, item, EvaluationWorld.ANNA, "passed", "good"))
        .hasMessageContaining("not passed, failed or unsure");
    assertThatThrownBy(() ->
            world.labelling.label(
                id, item.pair(), List.of("passed"), EvaluationWorld.ANNA, Instant.now()))
        .hasMessageContaining("2 answers");
    assertThat(result(id).shown().tally().labels().waiting()).isEqualTo(5);
  }

  private Labelled label(
      EvaluationId id, Labelling.Item item, PersonName by, String first, String second) {
    return world.labelling.label(id, item.pair(), List.of(first, second), by, Instant.now());
  }

  private SuiteResult result(EvaluationId id) {
    return world.evaluations.find(id).orElseThrow().results().getFirst();
  }
}
