package dev.remit.server.changes;

import static dev.remit.server.changes.ChangesWorld.BEN;
import static dev.remit.server.changes.ChangesWorld.grants;
import static dev.remit.server.changes.ChangesWorld.model;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.change.Axis;
import dev.remit.kernel.comparison.ComparisonRule;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.evaluations.Suite;
import dev.remit.server.evaluations.Suites;
import dev.remit.server.findings.Finding;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Fingerprints;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What counts as shown of a change, and what does not.
class EvidenceTest {
  private final ChangesWorld world = new ChangesWorld();

  @AfterEach
  void close() {
    world.close();
  }

  /// In production, where another model is declared.
  private Change declared(String... manifests) {
    world.inProduction();
    world.apply(manifests.length == 0 ? new String[] {model("model: clerk-next")} : manifests);
    world.later(Duration.ofSeconds(1));
    return world.newest();
  }

  private Change now(Change change) {
    return world.changes.find(change.id()).orElseThrow().change();
  }

  private static Digest modelOf(Change change) {
    return Fingerprints.ofModel(change.fingerprint());
  }

  private Digest baseline(Change change) {
    return modelOf(world.changes.row(change.before().orElseThrow()).orElseThrow());
  }

  private void shown(Change change, Verdict verdict) {
    var id =
        world.verdicts.shown(
            change.suites(), modelOf(change), Optional.of(baseline(change)), verdict, world.now());
    world.changes.judged(id);
  }

  @Test
  void every_suite_that_the_triggers_demand_comes_with_the_product() {
    var ours = new Suites(Optional.empty()).all().stream().map(Suite::name).toList();

    assertThat(ours).containsAll(Triggers.DEFAULT.demanded(EnumSet.allOf(Axis.class)));
    assertThat(ours).containsAll(Triggers.DEFAULT.fastSuites());
  }

  @Test
  void the_fingerprint_of_a_changes_model_is_the_one_that_evaluations_are_about() {
    var change =
        declared(
            model("parameters: {temperature: \"0.2\"}\nguardrails: {wall: high}\nfineTune: j"));

    assertThat(modelOf(change))
        .isEqualTo(world.registry.current().models().iterator().next().fingerprint());
  }

  @Test
  @Tag("R151")
  @Tag("R152")
  @Tag("R153")
  @Tag("R154")
  @Tag("R156")
  void what_an_evaluation_here_has_shown_is_read_and_nobody_enters_it() {
    var change = declared();

    shown(change, Verdict.PASS);

    assertThat(now(change).state()).isEqualTo(State.EVALUATED);
    assertThat(world.changes.find(change.id()).orElseThrow().evaluations())
        .allMatch(one -> one.how() == Evaluation.How.RUN && one.plan().isPresent());
    assertThat(world.approved(change, BEN)).isInstanceOf(Changes.Answered.Done.class);
    assertThat(world.entries(EntryType.CHANGE_EVALUATED))
        .allMatch(entry -> entry.text("how").equals(Optional.of("run")));
  }

  @Test
  void what_was_shown_before_the_change_was_declared_counts_as_soon_as_it_is() {
    var change = declared();
    world.changes.answer(change.id(), BEN, false, "not yet", world.now());
    world.verdicts.shown(
        change.suites(), modelOf(change), Optional.of(baseline(change)), Verdict.PASS, world.now());
    world.changes.moved(change.id(), State.RETIRED, BEN, "a test", world.now());
    world.apply(model(""));

    world.apply(model("model: clerk-next"));

    assertThat(world.newest().state()).isEqualTo(State.EVALUATED);
  }

  @Test
  @Tag("R155")
  void what_failed_or_was_not_concluded_blocks_the_approval_and_says_where() {
    var change = declared();
    shown(change, Verdict.INCONCLUSIVE);
    shown(change, Verdict.FAIL);

    assertThat(world.approved(change, BEN))
        .isInstanceOfSatisfying(
            Changes.Answered.NotYet.class,
            notYet ->
                assertThat(notYet.missing()).allMatch(one -> one.why().startsWith("fail in evl_")));
  }

  @Test
  void the_newest_run_counts_and_those_before_it_that_failed_are_not_forgotten() {
    var change = declared();
    shown(change, Verdict.FAIL);
    world.later(Duration.ofMinutes(1));

    shown(change, Verdict.PASS);

    assertThat(now(change).state()).isEqualTo(State.EVALUATED);
    assertThat(world.changes.find(change.id()).orElseThrow().evaluations())
        .allMatch(one -> one.said().startsWith("failed before in evl_"));
  }

  @Test
  void a_run_that_fails_after_all_passed_blocks_the_approval() {
    var change = declared();
    shown(change, Verdict.PASS);
    world.later(Duration.ofMinutes(1));

    shown(change, Verdict.FAIL);

    assertThat(world.approved(change, BEN)).isInstanceOf(Changes.Answered.NotYet.class);
  }

  @Test
  @Tag("R167")
  void another_version_another_baseline_or_a_wider_margin_shows_nothing() {
    var change = declared();
    var suites = change.suites();
    var base = Optional.of(baseline(change));
    var wide = new ComparisonRule(0.3, 0.95, 0.02);
    var unsure = new ComparisonRule(0.1, 0.8, 0.02);
    var at = world.now();
    for (var id :
        List.of(
            world.verdicts.shown(suites, Digest.of("another"), base, Verdict.PASS, at),
            world.verdicts.shown(
                suites, modelOf(change), Optional.of(Digest.of("x")), Verdict.PASS, at),
            world.verdicts.shown(
                suites, modelOf(change), Optional.of(modelOf(change)), Verdict.PASS, at),
            world.verdicts.shown(suites, modelOf(change), base, wide, Verdict.PASS, at),
            world.verdicts.shown(suites, modelOf(change), base, unsure, Verdict.PASS, at))) {
      world.changes.judged(id);
    }

    assertThat(now(change).state()).isEqualTo(State.CLASSIFIED);
  }

  @Test
  void where_more_than_the_model_differs_the_whole_agent_has_to_be_asked() {
    var change = declared(model("model: clerk-next"), grants("find, send, burn"));

    shown(change, Verdict.PASS);
    assertThat(now(change).state()).isEqualTo(State.CLASSIFIED);
    world.changes.judged(
        world.verdicts.shown(
            change.suites(), change.declared(), Optional.empty(), Verdict.PASS, world.now()));

    assertThat(now(change).state()).isEqualTo(State.EVALUATED);
  }

  @Test
  @Tag("R174")
  void what_is_deployed_with_another_fingerprint_than_was_approved_is_refused() {
    var change = declared();
    shown(change, Verdict.PASS);
    assertThat(world.approved(change, BEN)).isInstanceOf(Changes.Answered.Done.class);

    world.apply(model("model: clerk-next\nfineTune: job-8"));

    assertThat(world.bound()).isInstanceOf(Bound.Limited.class);
    assertThat(world.newest().id()).isNotEqualTo(change.id());
  }

  @Test
  void what_was_edited_after_the_run_approves_nothing() {
    var change = declared();
    var id =
        world.verdicts.shown(
            change.suites(),
            modelOf(change),
            Optional.of(baseline(change)),
            Verdict.PASS,
            world.now());
    world.changes.judged(id);
    world.verdicts.edited(id, "an answer is not the one that was recorded");

    assertThat(world.approved(change, BEN))
        .isInstanceOfSatisfying(
            Changes.Answered.Altered.class,
            altered -> assertThat(altered.how()).contains(id.value()));
  }

  @Test
  void words_count_only_for_what_ran_elsewhere_and_never_of_who_wants_the_change() {
    var change = declared();
    var suite = change.suites().getFirst();

    assertThat(written(change, suite, change.requestedBy()))
        .isInstanceOf(Changes.Written.OwnChange.class);
    assertThat(written(change, "horoscope", BEN)).isInstanceOf(Changes.Written.NotNeeded.class);
    assertThat(written(change, suite, BEN)).isInstanceOf(Changes.Written.Done.class);
    assertThat(world.changes.find(change.id()).orElseThrow().evaluations().getFirst().how())
        .isEqualTo(Evaluation.How.ELSEWHERE);
    shown(change, Verdict.FAIL);
    assertThat(written(change, suite, BEN)).isInstanceOf(Changes.Written.ShownHere.class);
  }

  private Changes.Written written(Change change, String suite, PersonName by) {
    return world
        .changes
        .evaluatedElsewhere(
            change.id(), suite, "report 7", Evaluation.Outcome.PASS, by, world.now())
        .orElseThrow();
  }

  @Test
  @Tag("R112")
  void what_is_in_use_and_fails_what_it_had_passed_meets_its_criterion() {
    world.inProduction();
    world.apply(
        model("model: clerk-next\nrollback: [{on: quality-regression, above: 500, do: suspend}]"));
    world.watch();
    var change = world.newest();
    shown(change, Verdict.PASS);
    world.approved(change, BEN);
    world.later(Duration.ofDays(2));

    shown(change, Verdict.FAIL);

    assertThat(world.bound())
        .isInstanceOfSatisfying(
            Bound.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo("model-suspended"));
    assertThat(world.findings.open(Finding.Severity.HIGH))
        .extracting(Finding::kind)
        .contains("model-quality-regression");
  }

  @Test
  void of_what_was_seen_only_a_plan_of_afterwards_says_anything() {
    world.inProduction();
    var watch = world.watch();
    watch.compare(new Watch.Seen(world.clerk(), "model", "clerk-large-0611"), world.now());
    var early = world.now();
    world.later(Duration.ofMinutes(1));
    watch.compare(new Watch.Seen(world.clerk(), "model", "clerk-large-0829"), world.now());
    var change = world.newest();
    world.changes.judged(
        world.verdicts.shown(
            change.suites(), modelOf(change), Optional.empty(), Verdict.PASS, early));
    assertThat(now(change).state()).isEqualTo(State.CLASSIFIED);
    world.later(Duration.ofMinutes(1));

    world.changes.judged(
        world.verdicts.shown(
            change.suites(), modelOf(change), Optional.empty(), Verdict.PASS, world.now()));

    assertThat(now(change).state()).isEqualTo(State.EVALUATED);
  }
}
