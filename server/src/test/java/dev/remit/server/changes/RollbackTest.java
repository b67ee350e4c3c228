package dev.remit.server.changes;

import static dev.remit.server.changes.ChangesWorld.ANNA;
import static dev.remit.server.changes.ChangesWorld.grants;
import static dev.remit.server.changes.ChangesWorld.model;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.change.Part;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.findings.Finding;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.ModelTerms.Action;
import dev.remit.server.registry.ModelTerms.Measure;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RollbackTest {
  private final ChangesWorld world = new ChangesWorld();

  @AfterEach
  void close() {
    world.close();
  }

  /// In production with a second model, approved and active, and more tools with it.
  private Change moved(String more) {
    world.inProduction();
    world.apply(model("model: clerk-next\n" + more), grants("find, send, burn"));
    var change = world.newest();
    world.accepted(change);
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    return change;
  }

  @Test
  @Tag("R175")
  @Tag("R164")
  void a_rollback_restores_the_whole_fingerprint_and_shows_the_difference() {
    var change = moved("");

    var done = world.rollback.of(change.id(), ANNA, "it refuses less", world.now());

    assertThat(done)
        .get()
        .isInstanceOfSatisfying(
            Rollback.Done.Restored.class,
            restored -> {
              assertThat(restored.whole()).isTrue();
              assertThat(restored.inTime()).isTrue();
              assertThat(restored.differences())
                  .extracting(one -> one.part())
                  .contains(Part.MODEL, Part.TOOLS);
            });
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    assertThat(world.changes.find(change.id()).orElseThrow().change().state())
        .isEqualTo(State.RETIRED);
    assertThat(world.entries(EntryType.CHANGE_REVERSED)).hasSize(1);
  }

  @Test
  @Tag("R176")
  void a_rollback_that_took_longer_than_its_target_is_recorded_as_missed() {
    var change = moved("");
    var since = world.now();
    world.later(Duration.ofMinutes(20));

    world.rollback.of(change.id(), ANNA, "it refuses less", since);

    var entry = world.entries(EntryType.CHANGE_REVERSED).getFirst();
    assertThat(entry.text("outcome")).contains("missed");
    assertThat(entry.content().path("millis").longValue()).isEqualTo(1_200_000);
  }

  @Test
  @Tag("R117")
  void a_rollback_to_what_expired_or_was_withdrawn_meanwhile_is_refused_with_what_to_do() {
    var change = moved("withdrawsAt: 2026-12-31T00:00:00Z");
    world.later(Duration.ofDays(90));

    var done = world.rollback.of(change.id(), ANNA, "it refuses less", world.now());

    assertThat(done)
        .get()
        .isInstanceOfSatisfying(
            Rollback.Done.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo("target-withdrawn");
              assertThat(refused.next()).startsWith("`remit changes suspend");
            });
    assertThat(world.entries(EntryType.CHANGE_REVERSED)).isEmpty();
  }

  @Test
  @Tag("R115")
  @Tag("R116")
  void another_model_behind_the_same_name_is_seen_and_makes_suspect_and_the_owner_is_told() {
    world.inProduction();
    var watch = world.watch();
    watch.compare(new Watch.Seen(world.clerk(), "model", "clerk-large-0611"), world.now());
    assertThat(world.bound()).isEqualTo(new Bound.Approved());

    watch.compare(new Watch.Seen(world.clerk(), "model", "clerk-large-0611"), world.now());
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    world.later(Duration.ofSeconds(1));
    watch.compare(new Watch.Seen(world.clerk(), "model", "clerk-large-0829"), world.now());

    assertThat(world.bound()).isInstanceOf(Bound.Suspect.class);
    assertThat(world.newest().origin()).isEqualTo(Origin.OBSERVED);
    assertThat(world.findings.open(Finding.Severity.HIGH))
        .extracting(Finding::kind)
        .contains("model-vendor-change");
  }

  @Test
  void what_was_seen_is_approved_by_somebody_else_and_replaces_what_was_suspect() {
    world.inProduction();
    var first = world.newest();
    var watch = world.watch();
    watch.compare(new Watch.Seen(world.clerk(), "model", "clerk-large-0611"), world.now());
    world.later(Duration.ofSeconds(1));
    watch.compare(new Watch.Seen(world.clerk(), "model", "clerk-large-0829"), world.now());

    world.accepted(world.newest());

    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    assertThat(world.changes.find(first.id()).orElseThrow().change().state())
        .isEqualTo(State.RETIRED);
  }

  @Test
  @Tag("R112")
  @Tag("R175")
  void a_criterion_that_is_met_rolls_back_by_machine() {
    var change = moved("rollback: [{on: drift, above: 100, do: rollback}]");
    var watch = world.watch();
    world.later(Duration.ofSeconds(1));
    var clerk = world.clerk();

    assertThat(
            watch.breach(
                clerk,
                Origin.OBSERVED,
                Measure.DRIFT,
                100,
                "drift",
                "0.01",
                Moves.REMIT,
                world.now()))
        .isEmpty();
    var acted =
        watch.breach(
            clerk,
            Origin.OBSERVED,
            Measure.DRIFT,
            101,
            "drift",
            "0.0101",
            Moves.REMIT,
            world.now());

    assertThat(acted.map(Watch.Acted::done)).isEqualTo(Optional.of(Action.ROLLBACK));
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    assertThat(world.registry.current().models().iterator().next().model())
        .isEqualTo("clerk-large");
    assertThat(world.changes.find(change.id()).orElseThrow().change().state())
        .isEqualTo(State.RETIRED);
  }

  @Test
  void a_criterion_that_cannot_roll_back_suspends() {
    world.piloted();
    world.apply(model("rollback: [{on: vendor-change, do: rollback}]"));
    var watch = world.watch();

    var acted =
        watch.breach(
            world.clerk(),
            Origin.TOLD,
            Measure.VENDOR_CHANGE,
            1,
            "notice",
            "we tune safety on Monday",
            ANNA,
            world.now());

    assertThat(acted.map(Watch.Acted::done)).isEqualTo(Optional.of(Action.SUSPEND));
    assertThat(world.bound()).isInstanceOf(Bound.Refused.class);
  }

  @Test
  @Tag("R170")
  void an_owner_suspends_at_once() {
    world.inProduction();

    world.changes.suspend(world.newest().id(), ANNA, "something is wrong", world.now());

    assertThat(world.bound())
        .isInstanceOfSatisfying(
            Bound.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo("model-suspended"));
  }

  @Test
  @Tag("R117")
  @Tag("R227")
  void owners_are_told_in_time_that_a_model_is_withdrawn() {
    world.inProduction();
    world.apply(model("withdrawsAt: 2026-12-10T00:00:00Z"));

    world.watch().lookAhead(world.now());

    assertThat(world.findings.open(Finding.Severity.HIGH))
        .extracting(Finding::kind)
        .contains("model-withdrawn");
  }
}
