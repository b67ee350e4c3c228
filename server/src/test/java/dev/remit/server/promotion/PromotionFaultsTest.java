package dev.remit.server.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A commit may be lost, or stored and reported failed. Then looking again comes to the same: what
/// has decayed is told once and demotes once, and an exercise leaves no authority behind.
@Tag("R65")
class PromotionFaultsTest {
  private final PromotionWorld world = new PromotionWorld();

  @AfterEach
  void rows_and_ledger_agree() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({"LOST, 0", "LOST, 1", "STORED, 0", "STORED, 1"})
  void what_has_decayed_is_told_once(CommitFaults.Fault fault, int commits) {
    world.promoted();
    world.later(Duration.ofDays(8));
    world.failCommitAfter(commits, fault);

    sweptDespite();
    world.decay.sweep(world.now());

    assertThat(world.entries(EntryType.PROOF_DECAYED)).hasSize(1);
    assertThat(world.findings.newest())
        .filteredOn(finding -> finding.kind().equals(LiveGate.DECAYED))
        .hasSize(1);
    assertThat(world.stage()).isEqualTo(Stage.PRODUCTION);
  }

  @ParameterizedTest
  @EnumSource(CommitFaults.Fault.class)
  void what_nobody_mended_is_demoted_once(CommitFaults.Fault fault) {
    world.promoted();
    world.later(Duration.ofDays(8));
    world.decay.sweep(world.now());
    world.later(Duration.ofDays(3));
    world.failNextCommit(fault);

    sweptDespite();
    world.decay.sweep(world.now());

    assertThat(world.stage()).isEqualTo(Stage.PILOT);
    assertThat(world.entries(EntryType.STAGE_CHANGED))
        .filteredOn(entry -> entry.text("why").filter("demoted"::equals).isPresent())
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(CommitFaults.Fault.class)
  void an_exercise_leaves_no_authority_behind_whichever_commit_fails(CommitFaults.Fault fault) {
    world.mended();
    var before = world.registry.current().grants();
    for (int commits = 0; commits < 5; commits++) {
      world.failCommitAfter(commits, fault);

      try {
        world.exercised();
      } catch (DatabaseUnavailable e) {
        // What was lost was not done; what was done is put back by the next one, or was already.
      }

      assertThat(world.registry.current().grants())
          .as("after %d commits", commits)
          .isEqualTo(before);
    }
  }

  /// A sweep that fails is tried again after a while, by itself.
  private void sweptDespite() {
    try {
      world.decay.sweep(world.now());
    } catch (DatabaseUnavailable e) {
      // Whether it is so is then unknown.
    }
  }
}
