package dev.remit.server.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.LegalHoldId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.ledger.ErasureScope.Kind;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.CommitUnknown;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What nobody may erase, and what only age may.
@Tag("R206")
class LegalHoldTest {
  private static final Instant NOW = ErasureWorld.NOW;
  private static final Instant OLD = NOW.minus(Duration.ofDays(40));

  private final ErasureWorld world = new ErasureWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @Test
  void a_hold_on_task_workflow_or_person_stops_every_erasure_that_would_touch_it() {
    var task = world.sent("invoices", OLD, "evidence");
    var scopes =
        new ErasureScope[] {
          new ErasureScope.OfTask(task),
          new ErasureScope.OfWorkflow(new WorkflowName("invoices"), NOW),
          new ErasureScope.OfPerson(new PersonName("anna"))
        };
    var subjects = Map.of(Kind.TASK, task.value(), Kind.WORKFLOW, "invoices", Kind.PERSON, "anna");
    for (var on : subjects.entrySet()) {
      var hold = placed(on.getKey(), on.getValue());

      for (var scope : scopes) {
        assertThat(world.erase(scope)).as("%s: %s", scope, hold).isEqualTo(under(hold));
        assertThat(world.erasure.preview(scope, NOW)).isEqualTo(under(hold));
      }
      world.holds.lift(hold.id(), "the next one", new PersonName("sam"), NOW);
    }
    assertThat(world.left(task)).contains("evidence");
    assertThat(world.entries("evidence.erased")).isEmpty();
  }

  @Test
  void what_is_lifted_stops_nothing_and_both_are_on_record() {
    var task = world.sent("invoices", OLD, "evidence");
    var hold = placed(Kind.TASK, task.value());

    world.holds.lift(hold.id(), "the case is closed", new PersonName("sam"), NOW);

    assertThat(world.erase(new ErasureScope.OfTask(task))).isInstanceOf(Erased.Done.class);
    assertThat(world.entries("legalhold.placed").getFirst().path("by").asString()).isEqualTo("sam");
    assertThat(world.entries("legalhold.lifted").getFirst().path("hold").asString())
        .isEqualTo(hold.id().value());
  }

  @Test
  void placing_and_lifting_again_changes_nothing() {
    var hold = placed(Kind.WORKFLOW, "invoices");

    assertThat(placed(Kind.WORKFLOW, "invoices").id()).isEqualTo(hold.id());
    world.holds.lift(hold.id(), "over", new PersonName("sam"), NOW);
    world.holds.lift(hold.id(), "over", new PersonName("sam"), NOW);
    assertThat(world.holds.lift(LegalHoldId.fresh(NOW), "none", new PersonName("sam"), NOW))
        .isEmpty();

    assertThat(world.entries("legalhold.placed")).hasSize(1);
    assertThat(world.entries("legalhold.lifted")).hasSize(1);
    assertThat(world.holds.list()).hasSize(1);
  }

  @Test
  void what_outlives_its_retention_is_erased_and_what_is_under_hold_or_at_work_is_not() {
    var old = world.sent("invoices", OLD, "old");
    var held = world.sent("invoices", OLD, "held");
    var atWork = world.sending("invoices", OLD, "long at work");
    var young = world.sent("invoices", NOW.minus(Duration.ofDays(29)), "young");
    placed(Kind.TASK, held.value());

    world.retention(1_000).run(NOW);

    assertThat(world.left(old)).isEmpty();
    assertThat(world.left(held)).isPresent();
    assertThat(world.left(atWork)).isPresent();
    assertThat(world.left(young)).isPresent();
    var entry = world.entries("evidence.expired").getFirst();
    assertThat(entry.path("workflow").asString()).isEqualTo("invoices");
    assertThat(entry.path("erased").asLong()).isEqualTo(1);
    assertThat(entry.path("held").asLong()).isEqualTo(1);
    assertThat(entry.path("retentionDays").asLong()).isEqualTo(30);
  }

  @Test
  void a_run_that_finds_nothing_due_records_nothing() {
    world.sent("invoices", NOW, "young");

    assertThat(world.retention(1_000).run(NOW)).isZero();

    assertThat(world.entries("evidence.expired")).isEmpty();
  }

  @Test
  void one_run_is_bounded_and_the_next_goes_on() {
    world.refused(1_001, "records", OLD);
    world.sent("records", OLD, "last");
    var retention = world.retention(500);

    assertThat(retention.run(NOW)).isEqualTo(500);
    assertThat(retention.run(NOW)).isEqualTo(500);
    assertThat(retention.run(NOW)).isEqualTo(2);
    assertThat(retention.run(NOW)).isZero();
  }

  @Test
  void a_hold_that_was_lost_does_not_stand_and_one_that_was_stored_stands_once() {
    world.failWhenRecording(Fault.LOST, "legalhold.placed");
    assertThatThrownBy(() -> placed(Kind.WORKFLOW, "invoices")).isInstanceOf(CommitUnknown.class);
    assertThat(world.holds.list()).isEmpty();

    world.failWhenRecording(Fault.STORED, "legalhold.placed");
    placed(Kind.WORKFLOW, "invoices");

    assertThat(world.holds.list()).hasSize(1);
    assertThat(world.entries("legalhold.placed")).hasSize(1);
  }

  @Test
  void an_expiry_that_was_lost_is_made_by_the_next_run_and_one_that_was_stored_is_not_again() {
    var one = world.sent("invoices", OLD, "one");
    world.failWhenRecording(Fault.LOST, "evidence.expired");
    assertThatThrownBy(() -> world.retention(10).run(NOW)).isInstanceOf(CommitUnknown.class);
    assertThat(world.left(one)).isPresent();

    world.failWhenRecording(Fault.STORED, "evidence.expired");
    assertThat(world.retention(10).run(NOW)).isEqualTo(1);
    assertThat(world.retention(10).run(NOW)).isZero();

    assertThat(world.left(one)).isEmpty();
    assertThat(world.entries("evidence.expired")).hasSize(1);
  }

  private LegalHold placed(Kind kind, String subject) {
    return world.holds.place(kind, subject, "the court asks", new PersonName("sam"), NOW);
  }

  private static Erased under(LegalHold hold) {
    return new Erased.UnderHold(hold);
  }
}
