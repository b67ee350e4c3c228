package dev.remit.server.changes;

import static dev.remit.server.changes.ChangesWorld.ANNA;
import static dev.remit.server.changes.ChangesWorld.BEN;
import static dev.remit.server.changes.ChangesWorld.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each step of a change whose commit was lost, or was stored though it was reported failed: it is
/// made once, and what was said of it holds.
class ChangeFaultsTest {
  private final ChangesWorld world = new ChangesWorld();

  @AfterEach
  void rows_and_ledger_agree() {
    world.close();
  }

  private Change declared() {
    world.inProduction();
    world.apply(model("model: clerk-next"));
    world.later(Duration.ofSeconds(1));
    return world.newest();
  }

  private long moves(Change change, String to) {
    return world.entries(EntryType.CHANGE_MOVED).stream()
        .filter(entry -> entry.text("of").equals(Optional.of(change.id().value())))
        .filter(entry -> entry.text("to").equals(Optional.of(to)))
        .count();
  }

  /// What was stored after all is found out; what was lost is told.
  private static void fails(Fault fault, Runnable step) {
    var thrown = catchThrowable(step::run);

    assertThat(thrown instanceof DatabaseUnavailable)
        .as("%s", thrown)
        .isEqualTo(fault == Fault.LOST);
  }

  @ParameterizedTest
  @EnumSource
  void an_approval_is_given_once(Fault fault) {
    var change = declared();
    world.evaluated(change);
    world.failNextCommit(fault);

    fails(fault, () -> world.approved(change, BEN));
    world.changes.sweep(world.now());

    boolean stored = fault == Fault.STORED;
    assertThat(world.bound()).isInstanceOf(stored ? Bound.Approved.class : Bound.Limited.class);
    assertThat(world.approved(change, BEN))
        .isInstanceOf(stored ? Changes.Answered.NotYet.class : Changes.Answered.Done.class);
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    assertThat(moves(change, "approved")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void what_was_refused_stays_refused(Fault fault) {
    var change = declared();
    world.failNextCommit(fault);

    fails(
        fault, () -> world.changes.answer(change.id(), BEN, false, "it refuses less", world.now()));
    world.changes.sweep(world.now());
    world.changes.answer(change.id(), BEN, false, "it refuses less", world.now());

    assertThat(world.bound()).isInstanceOf(Bound.Refused.class);
    assertThat(moves(change, "suspended")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void words_about_an_evaluation_are_written_down(Fault fault) {
    var change = declared();
    var suite = change.suites().getFirst();
    world.failNextCommit(fault);

    fails(
        fault,
        () ->
            world.changes.evaluatedElsewhere(
                change.id(), suite, "report 7", Evaluation.Outcome.PASS, BEN, world.now()));
    world.evaluated(change);

    assertThat(world.changes.find(change.id()).orElseThrow().missing()).isEmpty();
    assertThat(moves(change, "evaluated")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void what_an_evaluation_has_shown_is_taken_note_of_by_the_next_look(Fault fault) {
    var change = declared();
    var before = world.changes.row(change.before().orElseThrow()).orElseThrow();
    var id =
        world.verdicts.shown(
            change.suites(),
            Fingerprints.ofModel(change.fingerprint()),
            Optional.of(Fingerprints.ofModel(before.fingerprint())),
            Verdict.PASS,
            world.now());
    world.failNextCommit(fault);

    fails(fault, () -> world.changes.judged(id));
    world.changes.sweep(world.now());

    assertThat(world.changes.row(change.id()).orElseThrow().state()).isEqualTo(State.EVALUATED);
    assertThat(moves(change, "evaluated")).isEqualTo(1);
    assertThat(world.entries(EntryType.CHANGE_EVALUATED)).hasSize(change.suites().size());
  }

  @ParameterizedTest
  @EnumSource
  void a_rollback_restores_once_and_never_by_halves(Fault fault) {
    var change = declared();
    world.accepted(change);
    world.failNextCommit(fault);

    fails(fault, () -> world.rollback.of(change.id(), ANNA, "it refuses less", world.now()));
    boolean stored = fault == Fault.STORED;
    world.restart();
    var again = world.rollback.of(change.id(), ANNA, "it refuses less", world.now());

    assertThat(again)
        .get()
        .isInstanceOf(stored ? Rollback.Done.Refused.class : Rollback.Done.Restored.class);
    assertThat(world.entries(EntryType.CHANGE_REVERSED)).hasSize(1);
    assertThat(moves(change, "retired")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void what_was_seen_makes_suspect_when_it_is_seen_again(Fault fault) {
    world.inProduction();
    var watch = world.watch();
    watch.compare(new Watch.Seen(world.clerk(), "model", "clerk-large-0611"), world.now());
    world.later(Duration.ofSeconds(1));
    var other = new Watch.Seen(world.clerk(), "model", "clerk-large-0829");
    world.failNextCommit(fault);

    fails(fault, () -> watch.compare(other, world.now()));
    world.changes.sweep(world.now());
    watch.compare(other, world.now());

    assertThat(world.bound()).isInstanceOf(Bound.Suspect.class);
    assertThat(world.entries(EntryType.CHANGE_OPENED))
        .filteredOn(entry -> entry.text("origin").equals(Optional.of("observed")))
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_suspension_holds(Fault fault) {
    var change = declared();
    world.accepted(change);
    world.failNextCommit(fault);

    fails(fault, () -> world.changes.suspend(change.id(), ANNA, "something is wrong", world.now()));
    world.changes.suspend(change.id(), ANNA, "something is wrong", world.now());

    assertThat(world.bound()).isInstanceOf(Bound.Refused.class);
    assertThat(moves(change, "suspended")).isEqualTo(1);
  }
}
