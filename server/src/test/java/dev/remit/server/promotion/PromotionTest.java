package dev.remit.server.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.promotion.GateAudit;
import dev.remit.kernel.promotion.GateItem;
import dev.remit.server.exceptions.Exceptions;
import dev.remit.server.findings.Finding;
import dev.remit.server.promotion.Promotion.Settlement;
import dev.remit.server.promotion.Promotions.Requested;
import dev.remit.server.registry.Author;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The way of a pilot into production, and back.
class PromotionTest {
  private final PromotionWorld world = new PromotionWorld();

  @AfterEach
  void rows_and_ledger_agree() {
    world.close();
  }

  @Test
  @Tag("R41")
  @Tag("R43")
  @Tag("R44")
  @Tag("R46")
  @Tag("R50")
  void a_pilot_is_refused_with_every_reason_and_what_to_do_about_each() {
    world.begun();

    var requested =
        world.promotions.request(
            PromotionWorld.DESK, PromotionWorld.ANNA, "it is ready", world.now());

    assertThat(requested).isInstanceOf(Requested.Shut.class);
    var unmet = ((Requested.Shut) requested).result().unmet();
    assertThat(unmet)
        .extracting(GateItem::item)
        .containsExactly(
            "ownership",
            "permissions-approved",
            "access-recorded",
            "revocation-proven",
            "least-privilege",
            "escalation-alert",
            "accountability",
            "telemetry",
            "model-safety");
    assertThat(unmet)
        .allMatch(item -> item.next().contains("`remit ") || item.next().contains("manifest"));
    assertThat(world.stage()).isEqualTo(Stage.PILOT);
    assertThat(world.entries(EntryType.PROMOTION_REQUESTED)).isEmpty();
  }

  @Test
  @Tag("R17")
  @Tag("R19")
  @Tag("R20")
  @Tag("R34")
  @Tag("R42")
  @Tag("R47")
  @Tag("R48")
  @Tag("R49")
  void mended_drilled_and_exercised_it_is_promoted_by_somebody_else() {
    world.ready();
    assertThat(world.unmet()).isEmpty();
    var promotion = world.requested();

    assertThat(world.answered(promotion, PromotionWorld.ANNA))
        .isEqualTo(new Settlement.OwnRequest(PromotionWorld.ANNA));
    assertThat(world.answered(promotion, PromotionWorld.BEN)).isEqualTo(new Settlement.Agreed());

    assertThat(world.stage()).isEqualTo(Stage.PRODUCTION);
    var asked = world.entries(EntryType.PROMOTION_REQUESTED).getFirst();
    assertThat(asked.content().path("items")).hasSize(16);
    assertThat(asked.content().path("items").findValuesAsString("verdict")).containsOnly("met");
    var staged = world.entries(EntryType.STAGE_CHANGED).getFirst();
    assertThat(staged.of()).contains(promotion.id().value());
    assertThat(staged.text("by")).contains("ben");
  }

  @Test
  @Tag("R48")
  void an_exercise_really_widens_a_grant_and_takes_it_back_when_the_alarm_was_heard() {
    world.mended();
    var before = world.registry.current().grants();

    var done = world.exercised();

    assertThat(done).isInstanceOf(Exercise.Done.Finished.class);
    assertThat(((Exercise.Done.Finished) done).finding()).isPresent();
    assertThat(world.registry.current().grants()).isEqualTo(before);
    assertThat(world.entries(EntryType.REGISTRY_CHANGED))
        .filteredOn(entry -> entry.text("name").filter("clerk-letters"::equals).isPresent())
        .hasSize(3);
    assertThat(world.findings.newest()).isEmpty();
    assertThat(world.entries(EntryType.EXERCISE_FINISHED).getFirst().text("outcome"))
        .contains("met");
  }

  @Test
  void what_is_declared_otherwise_between_wish_and_answer_voids_the_wish() {
    world.ready();
    var promotion = world.requested();
    world.apply(PromotionWorld.workflow("sponsor: cleo"));

    var meant = world.answered(promotion, PromotionWorld.BEN);

    assertThat(meant).isInstanceOf(Settlement.Voided.class);
    assertThat(((Settlement.Voided) meant).why()).contains("declared around the workflow");
    assertThat(world.stage()).isEqualTo(Stage.PILOT);
  }

  @Test
  @Tag("R41")
  @Tag("R47")
  void evidence_with_a_gap_shuts_the_gate_before_the_answer() {
    world.ready();
    var promotion = world.requested();
    world.loses();

    var meant = world.answered(promotion, PromotionWorld.BEN);

    assertThat(((Settlement.Voided) meant).why()).contains("evidence-complete");
  }

  @Test
  void a_wish_lapses_and_is_answered_once() {
    world.ready();
    var first = world.requested();
    world.later(Duration.ofHours(25));
    assertThat(world.answered(first, PromotionWorld.BEN)).isInstanceOf(Settlement.Lapsed.class);

    var second = world.requested();
    assertThat(world.answered(second, PromotionWorld.CLEO)).isEqualTo(new Settlement.Agreed());
    assertThat(world.answered(second, PromotionWorld.BEN))
        .isEqualTo(new Settlement.Settled(Promotion.State.AGREED));
  }

  @Test
  @Tag("R33")
  @Tag("R40")
  void a_proof_that_decays_is_a_finding_first_and_demotes_when_nobody_mends_it() {
    world.promoted();
    world.later(Duration.ofDays(8));

    world.decay.sweep(world.now());

    assertThat(world.stage()).isEqualTo(Stage.PRODUCTION);
    assertThat(world.findings.newest()).extracting(Finding::kind).containsExactly("proof-decayed");
    assertThat(world.findings.newest().getFirst().summary()).contains("demoted at 2026-12-02");
    world.later(Duration.ofDays(2));
    world.decay.sweep(world.now());
    assertThat(world.stage()).isEqualTo(Stage.PRODUCTION);
    world.later(Duration.ofDays(1));

    world.decay.sweep(world.now());

    assertThat(world.stage()).isEqualTo(Stage.PILOT);
    assertThat(world.registry.current().workflow(PromotionWorld.DESK).orElseThrow().pilotExpires())
        .isPresent();
    assertThat(world.entries(EntryType.STAGE_CHANGED).getLast().text("why")).contains("demoted");
    assertThat(world.entries(EntryType.PROOF_RESTORED)).hasSize(1);
  }

  @Test
  void what_is_mended_in_time_stays_in_production() {
    world.promoted();
    world.later(Duration.ofDays(8));
    world.decay.sweep(world.now());
    world.drilled();
    world.exercised();

    world.decay.sweep(world.now());
    world.later(Duration.ofDays(4));
    world.decay.sweep(world.now());

    assertThat(world.stage()).isEqualTo(Stage.PRODUCTION);
    assertThat(world.entries(EntryType.PROOF_RESTORED).getFirst().text("why")).contains("mended");
  }

  @Test
  @Tag("R33")
  void one_person_is_enough_to_go_back() {
    world.promoted();

    var demoted =
        world.promotions.demote(
            PromotionWorld.DESK,
            new Author(PromotionWorld.ANNA, Set.of(Role.OWNER)),
            "a customer complained",
            world.now());

    assertThat(demoted).isPresent();
    assertThat(world.stage()).isEqualTo(Stage.PILOT);
  }

  @Test
  @Tag("R124")
  void an_open_serious_finding_shuts_the_gate_until_two_people_accept_it() {
    world.ready();
    world.findings.raise(
        new Finding.Sighting(
            "shared-credential",
            "clerk",
            Finding.Severity.HIGH,
            "two identities use one key",
            "split them",
            Role.SECURITY),
        world.now());
    assertThat(world.unmet()).containsExactly("findings-accepted");
    var finding = world.findings.newest().getFirst().id();
    var asked =
        (Exceptions.Requested.Open)
            world.exceptions.request(
                finding, PromotionWorld.CLEO, Duration.ofDays(2), "split in two days", world.now());

    var _ = world.exceptions.answer(asked.acceptance().id(), PromotionWorld.BEN, true, world.now());

    assertThat(world.unmet()).isEmpty();
    world.later(Duration.ofDays(2));
    assertThat(world.unmet()).contains("findings-accepted");
    assertThat(world.exceptions.sweep(world.now())).isEqualTo(1);
  }

  @Test
  @Tag("R216")
  @Tag("R217")
  void nothing_is_claimed_of_production_where_the_model_cannot_be_seen() {
    world.ready();
    world.apply(PromotionWorld.agent().replace(", telemetry: [model-version]", ""));

    assertThat(world.unmet()).containsExactly("telemetry");
    assertThat(world.gate().unmet().getFirst().says()).contains("model of `clerk`: 0 %");
  }

  @Test
  @Tag("R211")
  @Tag("R214")
  void a_well_governed_identity_whose_model_answers_unsafely_is_not_promoted() {
    world.ready();
    world.later(Duration.ofMinutes(1));

    world.shown(Verdict.FAIL);

    assertThat(world.unmet()).containsExactly("model-safety");
    assertThat(world.gate().isGoverned()).isTrue();
    assertThat(world.gate().isSafe()).contains(false);
    assertThat(world.gate().unmet().getFirst().says()).contains("fail in evl_");
    assertThat(world.gate().toJson().path("verdicts").toString())
        .isEqualTo("{\"access-governance\":\"met\",\"model-safety\":\"unmet\"}");
  }

  @Test
  @Tag("R211")
  @Tag("R214")
  void a_model_that_answers_safely_makes_up_for_nothing_that_governs_access() {
    world.mended();
    world.works();

    world.shown(Verdict.PASS);

    assertThat(world.gate().isSafe()).contains(true);
    assertThat(world.gate().isGoverned()).isFalse();
    assertThat(world.unmet()).contains("revocation-proven").doesNotContain("model-safety");
  }

  @Test
  @Tag("R212")
  @Tag("R215")
  void filters_and_guardrails_that_are_declared_show_neither() {
    world.ready();
    var before = world.gate().items().stream().filter(item -> !item.isSafety()).toList();

    world.apply(
        PromotionWorld.agent()
            .replace(
                "telemetry:",
                "safety: {filter: strict}, guardrails: {refusals: always}, telemetry:"));

    assertThat(world.unmet()).containsExactly("model-safety");
    assertThat(world.gate().items().stream().filter(item -> !item.isSafety()))
        .extracting(GateItem::item, GateItem::verdict)
        .containsExactlyElementsOf(
            before.stream().map(item -> tuple(item.item(), item.verdict())).toList());
  }

  @Test
  @Tag("R213")
  void a_chatbot_that_only_answers_is_governed_once_tickets_are_within_its_reach() {
    world.mended();
    world.apply(
        PromotionWorld.agent()
            .replace("kind: agent", "kind: chatbot")
            .replace("acts-with-confirmation", "answers-only")
            .replace("effects: [read]", "effects: [read, tickets]"));
    world.works();
    world.drilled();
    world.exercised();

    assertThat(world.unmet()).containsExactly("model-safety");
    world.shown(Verdict.PASS);
    assertThat(world.unmet()).isEmpty();
  }

  @Test
  @Tag("R130")
  @Tag("R176")
  void a_rollback_that_took_too_long_shuts_the_gate_until_one_is_in_time() {
    world.ready();

    world.reversed("missed");
    assertThat(world.unmet()).containsExactly("change-control");

    world.reversed("met");
    assertThat(world.unmet()).isEmpty();
  }

  @Test
  @Tag("R200")
  void the_gate_comes_to_the_same_again_from_the_evidence_alone() {
    world.promoted();

    var again = GateAudit.of(world.evidence(_ -> true));

    assertThat(again).hasSize(1);
    assertThat(again.getFirst().differ()).isEmpty();
    assertThat(again.getFirst().agreed()).hasSize(14);
    assertThat(again.getFirst().notComputed()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"drill.finished", "exercise.finished", "call.ended"})
  void without_one_of_the_entries_it_rests_on_the_gate_comes_to_something_else(String missing) {
    world.promoted();

    var again = GateAudit.of(world.evidence(entry -> !entry.type().word().equals(missing)));

    assertThat(again.getFirst().holds()).isFalse();
    assertThat(again.getFirst().differ()).isNotEmpty();
  }

  /// Both halves of every storage failure: the change that was lost, and the one that is so
  /// although whoever asked saw an error.
  @ParameterizedTest
  @EnumSource
  void a_promotion_that_could_not_be_stored_is_none_or_whole(CommitFaults.Fault fault) {
    world.ready();
    var promotion = world.requested();
    world.failNextCommit(fault);

    boolean stored = fault == CommitFaults.Fault.STORED;
    var thrown = catchThrowable(() -> world.answered(promotion, PromotionWorld.BEN));

    // What was stored after all is found out; what was lost is told.
    assertThat(thrown instanceof DatabaseUnavailable).isEqualTo(!stored);
    assertThat(world.promotions.find(promotion.id()).orElseThrow().state())
        .isEqualTo(stored ? Promotion.State.AGREED : Promotion.State.REQUESTED);
    assertThat(world.entries(EntryType.STAGE_CHANGED)).hasSize(stored ? 1 : 0);
    assertThat(world.answered(promotion, PromotionWorld.BEN))
        .isEqualTo(
            stored ? new Settlement.Settled(Promotion.State.AGREED) : new Settlement.Agreed());
  }

  @ParameterizedTest
  @EnumSource
  void a_wish_that_could_not_be_stored_is_none_or_whole(CommitFaults.Fault fault) {
    world.ready();
    world.failNextCommit(fault);

    var thrown = catchThrowable(world::requested);

    assertThat(thrown instanceof DatabaseUnavailable).isEqualTo(fault == CommitFaults.Fault.LOST);
    var again =
        world.promotions.request(
            PromotionWorld.DESK, PromotionWorld.ANNA, "it is ready", world.now());
    assertThat(again)
        .isInstanceOf(
            fault == CommitFaults.Fault.STORED ? Requested.Another.class : Requested.Open.class);
  }
}
