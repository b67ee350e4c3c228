package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.StatementFailed;
import dev.remit.server.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private final RegistryWorld world = new RegistryWorld();

  @AfterEach
  void everything_is_on_record() {
    world.close();
  }

  @Test
  void an_administrator_is_there_from_the_first_start_and_on_record() {
    var admin = world.registry.current().person(new PersonName("admin"));

    assertThat(admin.orElseThrow().roles()).containsExactlyInAnyOrder(Role.values());
    assertThat(world.recorded("registry.changed")).containsExactly("create person/admin");
  }

  @Test
  @Tag("R13")
  void what_was_applied_is_found_by_every_name_it_has() {
    world.given(Manifests.all());

    var now = world.registry.current();
    var agent = now.identity(new IdentityName("agent")).orElseThrow();
    assertThat(agent.spiffeId()).isEqualTo(new SpiffeId("spiffe://remit.local/invoices/agent"));
    assertThat(now.identity(agent.spiffeId())).contains(agent);
    assertThat(now.workflow(agent.workflow()).orElseThrow().intents())
        .containsExactly("read-invoices");
    assertThat(now.tool(new ResourceName("files"), "read_file")).isPresent();
    assertThat(now.tools(new ResourceName("files"))).hasSize(2);
    assertThat(now.grants(agent.name())).hasSize(1);
    assertThat(now.grants(agent.name()).getFirst().callsPerTaskMax()).isEqualTo(1_000);
  }

  @Test
  void a_plan_changes_nothing_and_an_apply_does_what_it_said() {
    var planned = world.plan(Manifests.all());

    assertThat(world.registry.current().workflows()).isEmpty();
    assertThat(planned.isApplicable()).isTrue();
    var applied = (Applied.Done) world.apply(Manifests.all());
    assertThat(applied.planned().changes()).isEqualTo(planned.changes());
    assertThat(applied.planned().flaws()).isEqualTo(planned.flaws());
    assertThat(world.recorded("registry.changed")).hasSize(8).contains("create grant/agent-files");
    assertThat(world.recorded("definition.pinned")).hasSize(2);
  }

  @Test
  void applying_the_same_again_changes_nothing_and_records_nothing() {
    world.given(Manifests.all());
    long rows = world.rows();

    var again = (Applied.Done) world.apply(Manifests.all());

    assertThat(again.planned().changesSomething()).isFalse();
    assertThat(again.version()).isEqualTo(world.registry.current().version());
    assertThat(world.rows()).isEqualTo(rows);
  }

  @Test
  void a_change_is_shown_field_by_field() {
    world.given(Manifests.all());

    var planned =
        world.plan(
            Manifests.INVOICES.replace("Match invoices to orders", "Match all invoices to orders"));

    var change = planned.changes().getFirst();
    assertThat(change.action()).isEqualTo(Change.Action.UPDATE);
    assertThat(change.fields()).hasSize(1);
    assertThat(change.fields().getFirst().path()).isEqualTo("purpose");
  }

  @Test
  void an_apply_with_one_wrong_manifest_changes_nothing() {
    var rules =
        world.refusals(Manifests.ANNA, Manifests.INVOICES.replace("owner: anna", "owner: nobody"));

    assertThat(rules).containsExactly("link");
    assertThat(world.registry.current().person(new PersonName("anna"))).isEmpty();
    assertThat(world.rows()).isEqualTo(1);
  }

  @Test
  void a_plan_that_somebody_overtook_is_refused() {
    var planned = world.plan(Manifests.ANNA);
    world.given(Manifests.ANNA.replace("Anna Berg", "Anna Bergh"));
    var wish = RegistryWorld.wish(Manifests.ANNA);
    var late = new Wish(wish.files(), wish.set(), false, OptionalLong.of(planned.version()));

    var applied = world.registry.apply(late, RegistryWorld.ADMIN, RegistryWorld.NOW);

    assertThat(applied).isEqualTo(new Applied.Stale(planned.version(), planned.version() + 1));
    assertThat(world.registry.current().person(new PersonName("anna")).orElseThrow().displayName())
        .isEqualTo("Anna Bergh");
  }

  @Test
  void of_many_at_once_each_becomes_so_and_none_is_lost() throws Exception {
    List<Callable<Applied>> tasks =
        IntStream.range(0, 4)
            .<Callable<Applied>>mapToObj(
                i -> () -> world.apply(Manifests.ANNA.replace("anna", "anna" + i)))
            .toList();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Applied> one : threads.invokeAll(tasks)) {
        assertThat(one.get()).isInstanceOf(Applied.Done.class);
      }
    }

    assertThat(world.registry.current().people()).hasSize(5);
    assertThat(world.registry.current().version()).isEqualTo(5);
  }

  @Test
  void pruning_retires_what_the_set_declared_before_and_nothing_of_another_set() {
    world.given(Manifests.ANNA, Manifests.FILES);
    var others = new ManifestFile("other.yaml", Manifests.ANNA.replace("anna", "otto"));
    var other = new Wish(List.of(others), "other", false, OptionalLong.empty());
    world.registry.apply(other, RegistryWorld.ADMIN, RegistryWorld.NOW);
    var files = RegistryWorld.wish(Manifests.ANNA).files();
    var pruning = new Wish(files, Wish.DEFAULT_SET, true, OptionalLong.empty());

    world.registry.apply(pruning, RegistryWorld.ADMIN, RegistryWorld.NOW);

    var now = world.registry.current();
    assertThat(now.resources()).isEmpty();
    assertThat(now.people().stream().map(Person::key))
        .containsExactlyInAnyOrder("admin", "anna", "otto");
    assertThat(world.recorded("registry.changed")).contains("retire resource/files");
  }

  @Test
  @Tag("R13")
  void what_is_still_named_is_not_retired_and_its_referrers_are_told() {
    world.given(Manifests.all());

    var answer =
        world.registry.retire(
            new Ref(Kind.IDENTITY, "agent"), RegistryWorld.ADMIN, RegistryWorld.NOW);

    assertThat(answer).isInstanceOf(Applied.Refused.class);
    var flaw = ((Applied.Refused) answer).planned().flaws().getFirst();
    assertThat(flaw.message()).contains("cannot be retired").contains("grant `agent-files`");
    assertThat(world.registry.referrers(new Ref(Kind.IDENTITY, "agent")))
        .containsExactly(new Ref(Kind.GRANT, "agent-files"));
  }

  @Test
  void what_is_retired_keeps_its_history_and_goes_on_from_it_when_it_returns() {
    world.given(Manifests.all());
    var ref = new Ref(Kind.GRANT, "agent-files");

    world.registry.retire(ref, RegistryWorld.ADMIN, RegistryWorld.NOW);
    world.given(Manifests.GRANT);

    assertThat(world.registry.history(ref).stream().map(RegistryStore.Revision::action))
        .containsExactly("create", "retire", "create");
    assertThat(world.registry.find(ref).orElseThrow().revision()).isEqualTo(3);
  }

  @Test
  void retiring_what_is_not_declared_is_told_apart() {
    var ref = new Ref(Kind.GRANT, "nothing");

    var answer = world.registry.retire(ref, RegistryWorld.ADMIN, RegistryWorld.NOW);

    assertThat(answer).isEqualTo(new Applied.Unknown(ref));
  }

  @Test
  void revisions_cannot_be_rewritten() {
    assertThatThrownBy(() ->
            world
                .database()
                .run(tx -> tx.update("UPDATE declared_revision SET changed_by = 'mallory'")))
        .isInstanceOf(StatementFailed.class)
        .hasStackTraceContaining("revisions are kept");
  }

  @Test
  void policies_that_do_not_hold_keep_everything_else_out_too() {
    var rules = world.refusals(Manifests.ANNA, Manifests.policy("odd", "nonsense"));

    assertThat(rules).containsExactly("policy");
    assertThat(world.registry.current().person(new PersonName("anna"))).isEmpty();
    assertThat(world.recorded("policy.activated")).hasSize(1);
  }

  @Test
  void a_new_policy_set_is_recorded_as_active_in_the_step_that_declares_it() {
    world.given(Manifests.policy("fine", "permit (principal, action, resource);"));

    assertThat(world.recorded("policy.activated")).hasSize(2);
    assertThat(world.recorded("registry.changed")).contains("create policy/fine");
  }

  @Test
  void another_definition_of_a_tool_is_recorded_as_reviewed_anew() {
    world.given(Manifests.all());

    world.given(Manifests.tool("read_file", "[read]", "c"));

    assertThat(world.recorded("definition.pinned")).hasSize(3);
  }

  @Test
  void other_nodes_and_listeners_follow() {
    var other = world.anotherNode();
    var heard = Collections.synchronizedList(new ArrayList<Long>());
    other.onChange(now -> heard.add(now.version()));

    world.given(Manifests.ANNA);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(heard).containsExactly(1L, 2L));
    assertThat(other.current().person(new PersonName("anna"))).isPresent();
  }

  @Test
  void a_node_that_lost_its_connection_reads_back_what_it_missed() {
    var other = world.anotherNode();

    TestDatabase.cut(world.where());
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(world.apply(Manifests.ANNA)).isInstanceOf(Applied.Done.class));

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> other.current().person(new PersonName("anna")).isPresent());
  }

  /// A stale snapshot on one node never lets it overwrite what another node changed.
  @Test
  void a_node_that_is_behind_plans_again_before_it_applies() {
    var other = world.anotherNode();

    for (int i = 0; i < 10; i++) {
      var node = i % 2 == 0 ? world.registry : other;
      var wish = RegistryWorld.wish(Manifests.ANNA.replace("anna", "anna" + i));
      assertThat(node.apply(wish, RegistryWorld.ADMIN, RegistryWorld.NOW))
          .isInstanceOf(Applied.Done.class);
    }

    assertThat(world.registry.current().people().size() + other.current().people().size())
        .isGreaterThanOrEqualTo(21);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() ->
            world.registry.current().people().size() == 11
                && other.current().people().size() == 11);
  }

  @Test
  void a_commit_that_was_lost_is_reported_and_can_be_done_again() {
    world.failNextCommit(CommitFaults.Fault.LOST);

    assertThatThrownBy(() -> world.apply(Manifests.ANNA)).isInstanceOf(DatabaseUnavailable.class);

    assertThat(world.registry.current().person(new PersonName("anna"))).isEmpty();
    assertThat(world.apply(Manifests.ANNA)).isInstanceOf(Applied.Done.class);
    assertThat(world.rows()).isEqualTo(2);
  }

  /// The ledger reads back what became of a commit whose answer never came.
  @Test
  void a_commit_that_was_stored_and_reported_failed_counts_once() {
    world.failNextCommit(CommitFaults.Fault.STORED);

    var applied = world.apply(Manifests.ANNA);

    assertThat(applied).isInstanceOf(Applied.Done.class);
    assertThat(world.registry.current().person(new PersonName("anna"))).isPresent();
    assertThat(((Applied.Done) world.apply(Manifests.ANNA)).planned().changesSomething()).isFalse();
    assertThat(world.rows()).isEqualTo(2);
  }

  @Test
  @Tag("R1")
  void a_thousand_identities_are_applied_in_one_step() {
    world.given(Manifests.ANNA, Manifests.INVOICES);
    var files =
        IntStream.range(0, 1_000)
            .mapToObj(i -> Manifests.federated("job-" + i, "system:serviceaccount:batch:job-" + i))
            .map(text -> new ManifestFile("jobs.yaml", text))
            .toList();
    var wish = new Wish(files, Wish.DEFAULT_SET, false, OptionalLong.empty());
    long start = System.nanoTime();

    var applied = world.registry.apply(wish, RegistryWorld.ADMIN, RegistryWorld.NOW);

    System.out.printf(
        "1,000 identities planned and applied in %d ms%n",
        Duration.ofNanos(System.nanoTime() - start).toMillis());
    assertThat(applied).isInstanceOf(Applied.Done.class);
    assertThat(world.registry.current().identities()).hasSize(1_000);
  }
}
