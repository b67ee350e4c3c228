package dev.remit.kernel.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.CanonicalJson;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Untouched tables agree with their log; whatever is done to one of them is named.
@Tag("R202")
@Tag("R203")
class StateAuditTest {
  private static final int HISTORIES = 60;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void nothing_is_reported_of_any_untouched_history() {
    long rows = 0;
    for (int i = 0; i < HISTORIES; i++) {
      var state = new TestState(random, 1 + random.nextInt(300));

      var report = StateAudit.of(state, TestState.NOW);

      assertThat(report.disagreements()).as("seed " + seed).isEmpty();
      assertThat(report.compared()).isEqualTo(state.rows.size());
      rows += report.compared();
    }
    System.out.println(HISTORIES + " untouched histories, " + rows + " rows compared");
  }

  @Test
  void an_edited_column_is_named_with_both_values_and_the_entry() {
    for (int i = 0; i < HISTORIES; i++) {
      var state = new TestState(random, 200);
      var name = any(state.lasting());
      var edited = edited(state.row(name));
      state.rows.put(name, edited.row());

      var report = StateAudit.of(state, TestState.NOW);

      assertThat(report.disagreements()).as("seed " + seed).hasSize(1);
      var found = report.disagreements().getFirst();
      assertThat(found.kind() + " " + found.key()).isEqualTo(name);
      assertThat(found.column()).isEqualTo(edited.column());
      assertThat(found.ledger()).isNotEqualTo(found.table());
      assertThat(found.entry()).isPresent();
    }
  }

  @Test
  void a_deleted_row_is_named_with_the_entry_that_speaks_of_it() {
    for (int i = 0; i < HISTORIES; i++) {
      var state = new TestState(random, 200);
      var name = any(state.lasting());
      state.rows.remove(name);

      var report = StateAudit.of(state, TestState.NOW);

      assertThat(report.disagreements()).as("seed " + seed).hasSize(1);
      var found = report.disagreements().getFirst();
      assertThat(found.kind() + " " + found.key()).isEqualTo(name);
      assertThat(found.table()).isEqualTo("there is none");
      assertThat(found.entry()).isPresent();
    }
  }

  @Test
  void a_row_that_never_had_an_entry_is_named() {
    var state = new TestState(random, 200);
    state.rows.put("grant mine", StateRow.of("grant", "mine").with("revision", 1));

    var report = StateAudit.of(state, TestState.NOW);

    assertThat(report.disagreements())
        .as("seed " + seed)
        .containsExactly(
            new Disagreement(
                "grant", "mine", "", "nothing", "there is one", OptionalLong.empty(), ""));
  }

  @Test
  void a_row_that_was_put_back_after_its_deletion_is_named() {
    var state = new TestState(random, 0);
    while (state.rows.keySet().stream().noneMatch(name -> name.startsWith("secret"))) {
      state.change();
    }
    var name = state.rows.keySet().stream().filter(n -> n.startsWith("secret")).toList().getFirst();
    var before = state.row(name);
    while (state.rows.containsKey(name)) {
      state.change();
    }
    state.rows.put(name, before);

    var report = StateAudit.of(state, TestState.NOW);

    assertThat(report.disagreements()).as("seed " + seed).hasSize(1);
    assertThat(report.disagreements().getFirst().ledger()).isEqualTo("it was deleted");
  }

  @Test
  void comparing_in_parts_says_the_same_as_comparing_at_once() {
    for (int i = 0; i < 5; i++) {
      var state = new TestState(random, 300);
      for (int edits = 0; edits < 5; edits++) {
        var name = any(state.lasting());
        state.rows.put(name, edited(state.row(name)).row());
      }

      var report = StateAudit.of(state, TestState.NOW, 40);

      assertThat(report).as("seed " + seed).isEqualTo(StateAudit.of(state, TestState.NOW));
      assertThat(report.count()).isPositive();
    }
  }

  private record Edited(StateRow row, String column) {}

  /// Changes one column that its entries speak of.
  private Edited edited(StateRow row) {
    var line = CanonicalJson.parse(row.line());
    var columns = List.copyOf(line.path("columns").propertyNames());
    var column = any(columns);
    var other = StateRow.parse(row.line());
    var value = line.path("columns").path(column);
    if (value.isBoolean()) {
      other.with(column, !value.booleanValue());
    } else if (value.isIntegralNumber()) {
      other.with(column, value.longValue() + 1);
    } else {
      other.with(column, value.asString("") + " by mallory");
    }
    return new Edited(other, column);
  }

  private String any(List<String> names) {
    return names.get(random.nextInt(names.size()));
  }
}
