package dev.remit.server.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.CommitUnknown;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What an erasure reaches, what it leaves, and what is on record of it. The ledger verifies after
/// each.
@Tag("R91")
@Tag("R206")
class ErasureTest {
  private static final Instant NOW = ErasureWorld.NOW;

  private final ErasureWorld world = new ErasureWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @Test
  void an_erased_task_says_nothing_any_more_and_others_are_as_they_were() {
    var one = world.sent("invoices", NOW, "a secret supplier");
    var other = world.sent("invoices", NOW, "another supplier");

    var erased = world.erase(new ErasureScope.OfTask(one));

    assertThat(erased).isEqualTo(new Erased.Done(new Erased.Amount(1, 1, 0)));
    assertThat(world.left(one)).isEmpty();
    assertThat(world.left(other)).contains("another supplier");
    assertThat(world.count("ledger_kek WHERE wrapped IS NULL")).isEqualTo(1);
  }

  @Test
  void who_erased_what_and_why_is_on_record_and_stays_readable() {
    var task = world.sent("invoices", NOW, "a secret supplier");

    world.erase(new ErasureScope.OfTask(task));

    var entry = world.entries("evidence.erased").getFirst();
    assertThat(entry.path("task").asString()).isEqualTo(task.value());
    assertThat(entry.path("by").asString()).isEqualTo("petra");
    assertThat(entry.path("keys").asLong()).isEqualTo(1);
    assertThat(entry.path("erased").asLong()).isEqualTo(1);
    assertThat(entry.toString()).doesNotContain("they asked");
    assertThat(world.body(entry.path("id").asString(), "reason")).contains("they asked for it");
  }

  @Test
  void a_preview_counts_and_changes_nothing() {
    var task = world.sent("invoices", NOW, "a secret supplier");

    var due = world.erasure.preview(new ErasureScope.OfTask(task), NOW);

    assertThat(due).isEqualTo(new Erased.Done(new Erased.Amount(1, 1, 0)));
    assertThat(world.left(task)).isPresent();
    assertThat(world.entries("evidence.erased")).isEmpty();
  }

  @Test
  void erasing_what_is_erased_changes_nothing_and_is_not_recorded_again() {
    var task = world.sent("invoices", NOW, "a secret supplier");
    world.erase(new ErasureScope.OfTask(task));

    var again = world.erase(new ErasureScope.OfTask(task));

    assertThat(again).isEqualTo(new Erased.Done(Erased.Amount.NONE));
    assertThat(world.entries("evidence.erased")).hasSize(1);
  }

  @Test
  void a_task_at_work_is_not_erased() {
    var task = world.sending("invoices", NOW, "a secret supplier");

    var erased = world.erase(new ErasureScope.OfTask(task));

    assertThat(erased).isEqualTo(new Erased.AtWork(task.value()));
    assertThat(world.left(task)).isPresent();
  }

  @Test
  void erasing_a_person_takes_their_own_words_and_the_tasks_that_acted_for_them() {
    var hers = world.sent("invoices", NOW, "for anna");
    var atWork = world.sending("invoices", NOW, "for anna, still");
    var others = world.sent("records", NOW, "for bea");
    world.wrote("anna", "because I say so");
    world.wrote("bea", "because I want to");

    var erased = world.erase(new ErasureScope.OfPerson(new PersonName("anna")));

    assertThat(erased).isEqualTo(new Erased.Done(new Erased.Amount(2, 2, 1)));
    assertThat(world.left(hers)).isEmpty();
    assertThat(world.body("enf_anna", "reason")).isEmpty();
    assertThat(world.left(atWork)).isPresent();
    assertThat(world.left(others)).isPresent();
    assertThat(world.body("enf_bea", "reason")).isPresent();
  }

  @Test
  void a_workflows_past_goes_by_whole_days() {
    var old = world.sent("invoices", Instant.parse("2026-11-01T23:59:59Z"), "old");
    var young = world.sent("invoices", Instant.parse("2026-11-02T00:00:00Z"), "young");
    var other = world.sent("records", Instant.parse("2026-11-01T10:00:00Z"), "another's");
    var before = Instant.parse("2026-11-02T00:00:00Z");

    world.erase(new ErasureScope.OfWorkflow(new WorkflowName("invoices"), before));

    assertThat(world.left(old)).isEmpty();
    assertThat(world.left(young)).isPresent();
    assertThat(world.left(other)).isPresent();
    assertThat(world.entries("evidence.erased").getFirst().path("before").asString())
        .isEqualTo("2026-11-02T00:00:00.000000Z");
  }

  @Test
  void more_keys_than_one_step_takes_are_all_erased_with_an_entry_for_each_step() {
    var day = NOW.minus(Duration.ofDays(3));
    world.refused(2_001, "records", day);
    var last = world.sent("records", day, "last");

    var erased = world.erase(new ErasureScope.OfWorkflow(new WorkflowName("records"), NOW));

    assertThat(erased).isEqualTo(new Erased.Done(new Erased.Amount(2_002, 2_002, 0)));
    assertThat(world.left(last)).isEmpty();
    assertThat(world.entries("evidence.erased")).hasSize(2);
  }

  @Test
  void nothing_of_that_name_is_said_to_be_nothing() {
    var unknown = TaskId.fresh(NOW);

    assertThat(world.erase(new ErasureScope.OfTask(unknown)))
        .isEqualTo(new Erased.NothingOfThatName());
    assertThat(world.erase(new ErasureScope.OfPerson(new PersonName("bea"))))
        .isEqualTo(new Erased.Done(Erased.Amount.NONE));
  }

  @Test
  void an_erasure_that_was_lost_has_erased_nothing_and_recorded_nothing() {
    var task = world.sent("invoices", NOW, "a secret supplier");
    world.failWhenRecording(Fault.LOST, "evidence.erased");

    assertThatThrownBy(() -> world.erase(new ErasureScope.OfTask(task)))
        .isInstanceOf(CommitUnknown.class);

    assertThat(world.left(task)).isPresent();
    assertThat(world.entries("evidence.erased")).isEmpty();
  }

  @Test
  void an_erasure_that_was_stored_but_reported_failed_has_erased_once() {
    var task = world.sent("invoices", NOW, "a secret supplier");
    world.failWhenRecording(Fault.STORED, "evidence.erased");

    world.erase(new ErasureScope.OfTask(task));

    assertThat(world.left(task)).isEmpty();
    assertThat(world.entries("evidence.erased")).hasSize(1);
  }
}
