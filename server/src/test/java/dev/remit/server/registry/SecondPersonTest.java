package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.ApplyId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.registry.ApplyRequest.Settlement;
import dev.remit.server.registry.ApplyRequest.State;
import dev.remit.server.registry.RegistryConfig.SecondPerson;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nobody changes production alone.
@Tag("R171")
@Tag("R172")
class SecondPersonTest {
  private static final PersonName BEN = new PersonName("ben");
  private static final Set<Role> SECURITY = Set.of(Role.SECURITY);
  private static final String PRODUCTION =
      Manifests.INVOICES
          .replace("stage: pilot", "stage: production")
          .replace("  pilotExpires: 2027-02-01\n", "");
  private static final String POLICY =
      Manifests.policy("reads", "permit(principal, action, resource);");

  private RegistryWorld world = new RegistryWorld(RegistryConfig.DEFAULT.ungated());

  @BeforeEach
  void declareThree() {
    world.given(
        person("ben", "[security]", ""),
        person("ben-ops", "[security]", ", accountOf: ben"),
        person("eve", "[owner]", ""));
    world.given(Manifests.all());
  }

  @AfterEach
  void close() {
    world.close();
  }

  static String person(String name, String roles, String more) {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: %s}
    spec: {displayName: %s, roles: %s%s}
    """
        .formatted(name, name, roles, more);
  }

  private ApplyRequest waiting(String... documents) {
    var applied = world.apply(documents);
    assertThat(applied).isInstanceOf(Applied.Waiting.class);
    return ((Applied.Waiting) applied).request();
  }

  private void goIntoProduction() {
    var request = waiting(PRODUCTION);
    assertThat(answer(request, BEN, true)).contains(new Settlement.Agreed());
  }

  private Optional<Settlement> answer(ApplyRequest request, PersonName by, boolean agrees) {
    return answer(request.id(), by, SECURITY, agrees, RegistryWorld.NOW);
  }

  private Optional<Settlement> answer(
      ApplyId id, PersonName by, Set<Role> roles, boolean agrees, Instant now) {
    return world.registry.requests().answer(id, by, roles, agrees, "looked at it", now);
  }

  private State state(ApplyRequest request) {
    return world.registry.requests().find(request.id()).orElseThrow().state();
  }

  private List<String> recorded() {
    return Stream.of("apply.requested", "apply.settled")
        .flatMap(type -> world.said(type, "outcome", "by").stream())
        .toList();
  }

  @Test
  void going_into_production_changes_nothing_until_somebody_else_agrees() {
    var before = world.registry.current().version();

    var request = waiting(PRODUCTION);

    assertThat(world.registry.current().version()).isEqualTo(before);
    assertThat(request.why()).isEqualTo("production rests on workflow `invoices`");
    assertThat(recorded()).containsExactly(" admin");
  }

  @Test
  void what_was_planned_is_what_is_applied_in_the_name_of_who_asked() {
    var request = waiting(PRODUCTION);

    var settlement = answer(request, BEN, true);

    assertThat(settlement).contains(new Settlement.Agreed());
    var stored = world.registry.find(new Ref(Kind.WORKFLOW, "invoices")).orElseThrow();
    assertThat(stored.by()).isEqualTo(Bootstrap.ADMIN);
    assertThat(stored.spec().path("stage").asString()).isEqualTo("production");
    assertThat(recorded()).containsExactly(" admin", "agreed ben");
    assertThat(world.said("registry.changed", "agreedBy", "request"))
        .last()
        .isEqualTo("ben " + request.id());
    assertThat(state(request)).isEqualTo(State.AGREED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin", "ben-of-admin"})
  void nobody_agrees_to_their_own_change_by_whichever_account(String account) {
    if (!account.equals("admin")) {
      world.given(person(account, "[security]", ", accountOf: admin"));
    }
    var request = waiting(PRODUCTION);

    var settlement = answer(request, new PersonName(account), true);

    assertThat(settlement).contains(new Settlement.OwnRequest(Bootstrap.ADMIN));
    assertThat(state(request)).isEqualTo(State.REQUESTED);
  }

  @Test
  void who_could_not_have_made_the_change_cannot_agree_to_it() {
    goIntoProduction();
    var request = waiting(POLICY);

    var settlement =
        answer(request.id(), new PersonName("eve"), Set.of(Role.OWNER), true, RegistryWorld.NOW);

    assertThat(settlement).contains(new Settlement.NotPermitted());
    assertThat(state(request)).isEqualTo(State.REQUESTED);
  }

  @Test
  void policies_grants_identities_tools_and_people_of_production_take_two() {
    goIntoProduction();

    for (var document :
        List.of(
            POLICY,
            Manifests.grant("agent-files", "agent", "[read_file, write_file]"),
            Manifests.identity("other", "invoices", Manifests.key()),
            Manifests.tool("read_file", "[write]", "c"),
            person("mallory", "[admin]", ""))) {
      assertThat(world.plan(document).secondPerson()).as(document).isPresent();
      assertThat(world.apply(document)).as(document).isInstanceOf(Applied.Waiting.class);
    }
    var gone = new Ref(Kind.GRANT, "agent-files");
    assertThat(world.registry.retire(gone, RegistryWorld.ADMIN, RegistryWorld.NOW))
        .isInstanceOf(Applied.Waiting.class);
  }

  @Test
  void a_pilot_beside_production_is_still_changed_by_one_person() {
    goIntoProduction();
    var travel =
        Manifests.INVOICES.replace("name: invoices", "name: travel").replace("orders", "tickets");

    var planned = world.given(travel);

    assertThat(planned.secondPerson()).isEmpty();
    assertThat(world.apply(Manifests.identity("guide", "travel", Manifests.key())))
        .isInstanceOf(Applied.Done.class);
  }

  @Test
  void a_retirement_waits_and_is_carried_out_like_any_change() {
    goIntoProduction();
    var ref = new Ref(Kind.GRANT, "agent-files");
    var applied = world.registry.retire(ref, RegistryWorld.ADMIN, RegistryWorld.NOW);
    var request = ((Applied.Waiting) applied).request();

    assertThat(world.registry.find(ref)).isPresent();
    answer(request, BEN, true);

    assertThat(world.registry.find(ref)).isEmpty();
  }

  @Test
  void it_is_void_once_somebody_has_changed_anything_else() {
    var request = waiting(PRODUCTION);
    world.given(person("zoe", "[auditor]", ""));

    var settlement = answer(request, BEN, true);

    assertThat(settlement.orElseThrow()).isInstanceOf(Settlement.Voided.class);
    assertThat(((Settlement.Voided) settlement.orElseThrow()).why())
        .contains("has moved from version");
    assertThat(state(request)).isEqualTo(State.VOID);
    assertThat(recorded()).contains("void remit");
    assertThat(answer(request, BEN, true)).contains(new Settlement.Settled(State.VOID));
  }

  @Test
  void what_is_stored_cannot_be_edited_into_another_change() {
    var request = waiting(PRODUCTION);
    world
        .database()
        .run(tx ->
            tx.update(
                "UPDATE apply_request SET what = replace(what, '365d', '1d') WHERE id = ?",
                request.id().value()));

    var settlement = answer(request, BEN, true);

    assertThat(settlement)
        .contains(new Settlement.Voided("what would be done is not what was planned"));
    world
        .database()
        .run(
            tx -> // So that the row is what the ledger says of it again.
            tx.update(
                    "UPDATE apply_request SET what = ? WHERE id = ?",
                    request.what(),
                    request.id().value()));
  }

  @Test
  void it_is_void_when_who_asked_may_not_do_it_any_more() {
    var request =
        ((Applied.Waiting)
                world.registry.apply(
                    RegistryWorld.wish(PRODUCTION),
                    RegistryWorld.author("eve", Role.OWNER, Role.ADMIN),
                    RegistryWorld.NOW))
            .request();

    // Of what eve said she was, only what is declared counts.
    var settlement = answer(request, BEN, true);

    assertThat(settlement).contains(new Settlement.Agreed());
    var left = waiting(POLICY);
    assertThat(left.requestedBy()).isEqualTo(Bootstrap.ADMIN);
  }

  @Test
  void it_lapses_and_the_sweep_says_so() {
    var request = waiting(PRODUCTION);
    var late = RegistryWorld.NOW.plus(Duration.ofHours(24));

    world.registry.requests().sweep(late.minusMillis(1));
    assertThat(state(request)).isEqualTo(State.REQUESTED);
    world.registry.requests().sweep(late);

    assertThat(state(request)).isEqualTo(State.LAPSED);
    assertThat(answer(request.id(), BEN, SECURITY, true, late))
        .contains(new Settlement.Settled(State.LAPSED));
  }

  @Test
  void a_declined_change_is_not_made() {
    var request = waiting(PRODUCTION);

    assertThat(answer(request, BEN, false)).contains(new Settlement.Declined());

    assertThat(answer(request, BEN, true)).contains(new Settlement.Settled(State.DECLINED));
    assertThat(recorded()).containsExactly(" admin", "declined ben");
  }

  @Test
  void asking_twice_is_one_request() {
    var first = waiting(PRODUCTION);

    var second = waiting(PRODUCTION);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(world.registry.requests().open()).hasSize(1);
  }

  @Test
  void of_two_who_agree_at_once_one_has_done_it() throws Exception {
    var request = waiting(PRODUCTION);
    var another = world.anotherNode();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Optional<Settlement>>> both =
          List.of(
              () -> answer(request, BEN, true),
              () ->
                  another
                      .requests()
                      .answer(request.id(), BEN, SECURITY, true, "me too", RegistryWorld.NOW));

      var answers = threads.invokeAll(both).stream().map(SecondPersonTest::done).toList();

      assertThat(answers).filteredOn(new Settlement.Agreed()::equals).hasSize(1);
    }
    assertThat(world.said("apply.settled", "outcome")).containsExactly("agreed");
  }

  private static Settlement done(Future<Optional<Settlement>> answer) {
    try {
      return answer.get().orElseThrow();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  void it_is_made_exactly_when_the_agreement_is_recorded(CommitFaults.Fault fault) {
    var request = waiting(PRODUCTION);
    world.failNextCommit(fault);

    try {
      answer(request, BEN, true);
    } catch (DatabaseUnavailable e) {
      // Told below by what is stored.
    }

    boolean agreed = state(request) == State.AGREED;
    assertThat(world.said("apply.settled", "outcome")).hasSize(agreed ? 1 : 0);
    assertThat(agreed).isEqualTo(fault == CommitFaults.Fault.STORED);
    assertThat(
            world
                .anotherNode()
                .find(new Ref(Kind.WORKFLOW, "invoices"))
                .orElseThrow()
                .spec()
                .path("stage")
                .asString())
        .isEqualTo(agreed ? "production" : "pilot");
  }

  @ParameterizedTest
  @EnumSource
  void it_is_asked_for_exactly_when_that_is_recorded(CommitFaults.Fault fault) {
    world.failNextCommit(fault);

    try {
      world.apply(PRODUCTION);
    } catch (DatabaseUnavailable e) {
      // Told below by what is stored.
    }

    boolean asked = fault == CommitFaults.Fault.STORED;
    assertThat(world.registry.requests().open()).hasSize(asked ? 1 : 0);
    assertThat(world.said("apply.requested", "by")).hasSize(asked ? 1 : 0);
    assertThat(waiting(PRODUCTION).state()).isEqualTo(State.REQUESTED);
  }

  @Test
  void where_nobody_else_could_agree_it_is_refused_with_what_to_do() {
    world.close();
    world = new RegistryWorld(RegistryConfig.DEFAULT.ungated());
    world.given(Manifests.all());

    // Anna could have made the one, but not the other.
    assertThat(world.refusals(PRODUCTION, POLICY)).containsExactly("R172");
  }

  @Test
  void always_begins_once_somebody_is_there_to_agree() {
    world.close();
    world = new RegistryWorld(RegistryConfig.DEFAULT.ungated().with(SecondPerson.ALWAYS));

    world.given(person("ben", "[security]", ""));

    assertThat(world.apply(person("zoe", "[auditor]", ""))).isInstanceOf(Applied.Waiting.class);
  }

  @Test
  void the_words_of_states_are_those_of_the_ledger() {
    assertThat(Arrays.stream(State.values()).map(Enum::name))
        .containsExactly("REQUESTED", "AGREED", "DECLINED", "LAPSED", "VOID");
  }
}
