package dev.remit.server.changes;

import static dev.remit.server.changes.ChangesWorld.BEN;
import static dev.remit.server.changes.ChangesWorld.grants;
import static dev.remit.server.changes.ChangesWorld.identity;
import static dev.remit.server.changes.ChangesWorld.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.remit.kernel.change.Axis;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.registry.Bound;
import dev.remit.server.store.CommitFaults;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChangesTest {
  private static final GrantName LETTERS = new GrantName("clerk-letters");

  private final ChangesWorld world = new ChangesWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void the_first_model_of_a_pilot_is_approved_by_being_declared() {
    world.piloted();

    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    assertThat(world.newest().state()).isEqualTo(State.ACTIVE);
    assertThat(world.newest().approvedBy()).contains(new PersonName("remit"));
    assertThat(world.newest().axes()).isEqualTo(EnumSet.allOf(Axis.class));
  }

  @Test
  @Tag("R113")
  @Tag("R174")
  @Tag("R165")
  void another_model_in_production_suspends_exactly_the_grants_that_rest_on_it() {
    world.inProduction();

    world.apply(model("model: clerk-next"));

    assertThat(world.bound())
        .isInstanceOfSatisfying(
            Bound.Limited.class,
            limited -> assertThat(limited.suspended()).isEqualTo(Set.of(LETTERS)));
    assertThat(world.newest().state()).isEqualTo(State.CLASSIFIED);
  }

  @Test
  @Tag("R149")
  @Tag("R150")
  @Tag("R171")
  @Tag("R172")
  void a_change_is_evaluated_approved_by_somebody_else_watched_and_then_active() {
    world.inProduction();
    world.apply(model("model: clerk-next"));
    var change = world.newest();

    assertThat(world.approved(change, BEN))
        .isInstanceOfSatisfying(
            Changes.Answered.NotYet.class,
            notYet ->
                assertThat(notYet.missing()).extracting(Missing::suite).isEqualTo(change.suites()));
    world.evaluated(change);
    assertThat(world.approved(change, change.requestedBy()))
        .isInstanceOf(Changes.Answered.OwnChange.class);
    assertThat(world.approved(change, BEN)).isInstanceOf(Changes.Answered.Done.class);

    assertThat(world.newest().state()).isEqualTo(State.CANARY);
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    world.later(Duration.ofDays(2));
    world.changes.sweep(world.now());
    assertThat(world.newest().state()).isEqualTo(State.ACTIVE);
    assertThat(
            world.entries(EntryType.CHANGE_MOVED).stream()
                .filter(
                    entry -> entry.text("of").equals(java.util.Optional.of(change.id().value())))
                .map(entry -> entry.text("to").orElse("")))
        .containsExactly("classified", "evaluated", "approved", "canary", "active");
  }

  @Test
  void an_approval_that_has_expired_permits_nothing() {
    world.inProduction();
    world.apply(model("model: clerk-next"));
    world.accepted(world.newest());

    world.later(Duration.ofDays(400));

    assertThat(world.bound())
        .isInstanceOfSatisfying(
            Bound.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo("approval-expired"));
  }

  @Test
  void what_was_approved_is_declared_again_and_holds_at_once() {
    world.inProduction();
    world.apply(model("model: clerk-next"));

    world.apply(model(""));

    assertThat(world.bound()).isEqualTo(new Bound.Approved());
  }

  @Test
  @Tag("R157")
  @Tag("R161")
  void the_review_of_access_paths_lists_what_the_model_could_touch_now_and_could_not_before() {
    world.inProduction();

    world.apply(grants("find, send, burn"));

    var access = world.newest().assessment().orElseThrow().path("access");
    assertThat(access.path("new").valueStream().map(path -> path.path("thing").stringValue()))
        .containsExactly("tool/letters/burn");
    assertThat(access.path("before").size()).isEqualTo(3);
  }

  static List<Arguments> triggers() {
    return List.of(
        opens("new-tools", model("version: \"1.1\""), grants("find, send, burn")),
        opens("model-version", model("version: \"1.1\"")),
        opens("longer-context", model("contextWindow: 200000")),
        opens("safety-filter", model("safety: {filter: relaxed}")),
        opens("fine-tune", model("fineTune: job-7")),
        opens("system-prompt", identity("agent", prompts())),
        opens("toolchain", ChangesWorld.tool("letters", "send", "write", "customer", "7")),
        opens("another-model", model("model: clerk-next")),
        opens("wider-scope", grants("find, send, burn")));
  }

  private static String prompts() {
    return "prompts: [\"sha256:" + "a".repeat(64) + "\"]";
  }

  private static Arguments opens(String trigger, String... manifests) {
    return Arguments.of(trigger, manifests);
  }

  /// Each trigger that the policy names, where letters to customers are within reach.
  @ParameterizedTest(name = "{0}")
  @MethodSource("triggers")
  @Tag("R136")
  @Tag("R137")
  @Tag("R138")
  @Tag("R139")
  @Tag("R141")
  @Tag("R142")
  @Tag("R143")
  @Tag("R144")
  @Tag("R147")
  void a_trigger_opens_a_change_of_security(String trigger, String[] manifests) {
    world.inProduction();

    world.apply(manifests);

    var change = world.newest();
    assertThat(change.kind()).contains(Verdict.SECURITY);
    assertThat(change.state()).isEqualTo(State.CLASSIFIED);
    assertThat(
            change
                .assessment()
                .orElseThrow()
                .path("points")
                .valueStream()
                .map(point -> point.path("trigger").stringValue()))
        .contains(trigger);
  }

  static List<Arguments> routine() {
    return List.of(
        opens("new-tools", model("version: \"1.1\"")),
        opens("longer-context", model("contextWindow: 200000")),
        opens("safety-filter", model("safety: {filter: relaxed}")),
        opens("fine-tune", model("fineTune: job-7")),
        opens("backend", model("backend: engine-2")));
  }

  /// The same where only public pages can be read: the label of the version decides nothing.
  @ParameterizedTest(name = "{0}")
  @MethodSource("routine")
  @Tag("R146")
  @Tag("R166")
  void the_same_is_routine_where_nothing_within_reach_makes_it_matter(
      String trigger, String[] manifests) {
    world.apply(
        ChangesWorld.PEOPLE,
        ChangesWorld.WORKFLOW,
        model(""),
        identity("agent", ""),
        ChangesWorld.RESOURCES,
        ChangesWorld.grant("clerk-pages", "pages", "browse", "public"));
    world.registry.restage(
        ChangesWorld.DESK,
        dev.remit.kernel.identity.Stage.PRODUCTION,
        java.util.Optional.empty(),
        new dev.remit.server.registry.Author(
            new PersonName("admin"), EnumSet.allOf(dev.remit.kernel.identity.Role.class)),
        world.now(),
        _ -> true);

    world.apply(manifests);

    assertThat(world.newest().kind()).as(trigger).contains(Verdict.ROUTINE);
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
  }

  static List<Arguments> narrowings() {
    return List.of(
        opens("fewer tools", grants("find")),
        opens("shorter context", model("contextWindow: 4000")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("narrowings")
  void what_only_narrows_opens_nothing_that_anybody_must_approve(String what, String[] manifests) {
    world.inProduction();

    world.apply(manifests);

    assertThat(world.newest().kind()).as(what).contains(Verdict.ROUTINE);
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
  }

  @Test
  @Tag("R145")
  void another_backend_is_approved_without_a_person_once_the_probes_answer_as_before() {
    world.inProduction();
    world.apply(model("backend: engine-2"));
    var change = world.newest();
    assertThat(change.kind()).contains(Verdict.FAST);
    assertThat(change.suites()).containsExactly("drift-probes");
    assertThat(world.bound()).isInstanceOf(Bound.Limited.class);

    world.evaluated(change);

    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    assertThat(world.newest().approvedBy()).contains(new PersonName("remit"));
  }

  @Test
  @Tag("R145")
  void a_backend_with_anything_else_beside_it_is_no_fast_path() {
    world.inProduction();

    world.apply(model("backend: engine-2\nversion: \"1.1\""));

    assertThat(world.newest().kind()).contains(Verdict.SECURITY);
  }

  @Test
  void what_was_declined_permits_nothing_and_says_what_to_do() {
    world.inProduction();
    world.apply(model("model: clerk-next"));

    world.changes.answer(world.newest().id(), BEN, false, "it refuses less", world.now());

    assertThat(world.bound())
        .isInstanceOfSatisfying(
            Bound.Refused.class,
            refused -> assertThat(refused.next()).startsWith("`remit changes rollback"));
  }

  @Test
  @Tag("R36")
  @Tag("R37")
  @Tag("R173")
  void a_beta_comes_into_production_only_with_criteria_and_a_contract_that_somebody_has_read() {
    world.inProduction();
    world.apply(model("lifecycle: beta\nmodel: clerk-beta"));
    world.evaluated(world.newest());

    assertThat(world.approved(world.newest(), BEN))
        .isInstanceOfSatisfying(
            Changes.Answered.Lacking.class,
            lacking -> assertThat(lacking.what()).contains("no criteria of rollback"));
  }

  @Test
  void what_is_declared_of_every_kind_is_read_again_after_a_restart() {
    world.inProduction();

    var read =
        dev.remit.server.registry.Registry.open(
            world.database,
            world.ledger,
            dev.remit.server.registry.RegistryConfig.DEFAULT,
            proposed ->
                new dev.remit.server.registry.PolicyCheck.Verdict.Valid(
                    dev.remit.kernel.canonical.Digest.of("" + proposed.policies()), List.of()),
            _ -> true,
            world.now());

    assertThat(read.current().dataClasses()).hasSize(2);
    read.close();
  }

  @Test
  @Tag("R111")
  @Tag("R122")
  @Tag("R35")
  @Tag("R124")
  void a_beta_in_a_pilot_is_contained_until_somebody_else_lets_it_out() {
    world.piloted();

    world.apply(model("lifecycle: beta\nmodel: clerk-beta"));

    assertThat(world.bound())
        .isInstanceOfSatisfying(
            Bound.Limited.class,
            limited -> assertThat(limited.suspended()).isEqualTo(Set.of(LETTERS)));
    world.evaluated(world.newest());
    assertThat(world.approved(world.newest(), BEN)).isInstanceOf(Changes.Answered.Done.class);
    assertThat(world.bound()).isEqualTo(new Bound.Approved());
    // No approval is broader than the stage: it ends with the pilot.
    assertThat(world.newest().expiresAt().orElseThrow())
        .isBeforeOrEqualTo(java.time.Instant.parse("2027-02-01T00:00:00Z"));
  }

  @Test
  @Tag("R169")
  void a_plan_says_what_would_change_and_what_it_needs() {
    world.inProduction();

    var planned = world.planned(model("model: clerk-next"));
    var foreseen = world.changes.foresee(planned.next().orElseThrow(), world.now());

    assertThat(foreseen.size()).isEqualTo(1);
    assertThat(foreseen.get(0).path("class").stringValue()).isEqualTo("security");
    assertThat(foreseen.get(0).path("approval").booleanValue()).isTrue();
    assertThat(foreseen.get(0).path("suspends").get(0).stringValue()).isEqualTo("clerk-letters");
  }

  /// A server that opens nothing in time refuses all the same.
  @ParameterizedTest
  @EnumSource
  void a_change_that_could_not_be_opened_is_refused_and_opened_later(CommitFaults.Fault fault) {
    world.inProduction();
    world.apply(model("contextWindow: 4000"));
    var before = world.changes.newest().size();
    world.changes.close();

    world.apply(model("model: clerk-next"));
    assertThat(world.bound()).isInstanceOf(Bound.Refused.class);
    world.failNextCommit(fault);
    // What was stored may be found out at once; what was lost never is.
    var failed = catchThrowable(world::restart);
    assertThat(failed == null).isEqualTo(fault == CommitFaults.Fault.STORED);
    world.restart();

    assertThat(world.changes.newest()).hasSize(before + 1);
    assertThat(world.bound()).isInstanceOf(Bound.Limited.class);
  }
}
