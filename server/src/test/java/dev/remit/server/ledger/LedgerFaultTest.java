package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.ReceiptCheck;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.CommitUnknown;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.NotCommitted;
import dev.remit.server.store.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every storage fault, in both of its halves where it has two. [LedgerWorld#close] verifies that
/// nothing is missing, doubled or out of order.
@Tag("R208")
class LedgerFaultTest {
  private final LedgerWorld world = new LedgerWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @ParameterizedTest
  @EnumSource
  void an_entry_whose_commit_was_not_answered_is_in_the_log_once(Fault fault) {
    world.ledger().append(world.entry("dec_before"));
    world.failNextCommit(fault);

    var receipt = world.ledger().append(world.entry("dec_doubt"));

    assertThat(receipt.check(world.keys())).isInstanceOf(ReceiptCheck.Proven.class);
    world.ledger().append(world.entry("dec_after"));
    assertThat(world.ids()).containsExactly("dec_before", "dec_doubt", "dec_after");
  }

  @ParameterizedTest
  @EnumSource
  void a_submitted_entry_whose_commit_was_not_answered_is_in_the_log_once(Fault fault) {
    world.failNextCommit(fault);

    world.ledger().submit(world.entry("dec_doubt"));
    world.ledger().append(world.entry("dec_after"));

    assertThat(world.ids()).containsExactly("dec_doubt", "dec_after");
  }

  @Test
  void a_governance_change_that_was_stored_but_reported_failed_has_succeeded() {
    world.sql("CREATE TABLE governed (name text)");
    world.failNextCommit(Fault.STORED);

    world.ledger().transact(recording -> change(recording, "dec_g"));

    assertThat(world.ids()).containsExactly("dec_g");
    assertThat(world.count("governed")).isEqualTo(1);
  }

  @Test
  void a_governance_change_that_was_lost_is_reported_and_not_repeated() {
    world.sql("CREATE TABLE governed (name text)");
    world.failNextCommit(Fault.LOST);

    assertThatThrownBy(() -> world.ledger().transact(recording -> change(recording, "dec_g")))
        .isInstanceOf(CommitUnknown.class);

    assertThat(world.ids()).isEmpty();
    assertThat(world.count("governed")).isZero();
    world.ledger().append(world.entry("dec_after"));
  }

  @Test
  void a_cut_connection_is_not_noticed_by_callers() {
    world.ledger().append(world.entry("dec_before"));
    TestDatabase.cut(world.where());

    world.ledger().append(world.entry("dec_after"));

    assertThat(world.ids()).containsExactly("dec_before", "dec_after");
  }

  @Test
  void while_the_database_is_away_callers_are_told_and_submitted_entries_are_kept() {
    world.ledger().append(world.entry("dec_before"));
    TestDatabase.stop();
    try {
      world.ledger().submit(world.entry("dec_submitted"));

      assertThatThrownBy(() -> world.ledger().append(world.entry("dec_refused")))
          .isInstanceOf(DatabaseUnavailable.class);
      assertThatThrownBy(() -> world.ledger().append(world.entry("dec_refused_too")))
          .isInstanceOf(DatabaseUnavailable.class);
    } finally {
      TestDatabase.start();
    }

    await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> world.ids().size() == 2);
    world.ledger().append(world.entry("dec_after"));
    assertThat(world.ids()).containsExactly("dec_before", "dec_submitted", "dec_after");
  }

  @Test
  void more_submitted_entries_than_are_allowed_to_wait_make_the_caller_wait_and_then_refuse() {
    world.reopenWith(config ->
        new LedgerConfig(
            config.node(),
            config.origin(),
            10,
            20,
            Duration.ofMillis(100),
            config.heartbeatEvery(),
            config.checkpointEvery(),
            config.closeWaitMax(),
            Optional.empty()));
    TestDatabase.stop();
    try {
      for (int i = 0; i < 20; i++) {
        world.ledger().submit(world.entry("dec_" + i));
      }

      assertThatThrownBy(() -> world.ledger().submit(world.entry("dec_too_many")))
          .hasMessageContaining("20 submitted entries already wait");
    } finally {
      TestDatabase.start();
    }
    await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> world.ids().size() == 20);
  }

  @Test
  void a_full_disk_is_told_as_such_and_nothing_needs_to_be_done_but_to_make_room() {
    world.sql(
        """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
        END $$
        """);
    world.sql(
        "CREATE TRIGGER full_disk BEFORE INSERT ON ledger_entry EXECUTE FUNCTION full_disk()");
    world.ledger().submit(world.entry("dec_submitted"));

    assertThatThrownBy(() -> world.ledger().append(world.entry("dec_refused")))
        .isInstanceOfSatisfying(NotCommitted.class, full -> assertThat(full.isFull()).isTrue())
        .hasMessageEndingWith(": the database's disk is full, nothing was stored");

    world.sql("DROP TRIGGER full_disk ON ledger_entry");
    await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> !world.ids().isEmpty());
    world.ledger().append(world.entry("dec_after"));
    assertThat(world.ids()).containsExactly("dec_submitted", "dec_after");
  }

  @Test
  void a_batch_that_is_delivered_twice_is_stored_once() {
    world.ledger().close();
    var writer = world.openWriter();
    var prepared = Prepared.of(writer.producer(), world.ledger().keys(), world.entry("dec_a"));
    var attempt = writer.store(CrashPoint.Stage.BATCH, List.of(prepared), true);

    boolean again =
        world
            .database()
            .transact(tx ->
                new LedgerStore().append(tx, writer.log(), writer.producer().epoch(), attempt));

    assertThat(again).isFalse();
    assertThat(world.ids()).containsExactly("dec_a");
  }

  @Test
  void a_clock_that_goes_back_stops_nothing_and_checkpoints_are_kept_all_the_same() {
    world.ledger().append(world.entry("dec_before"));
    long kept = world.count("ledger_checkpoint");

    world.setClockBack(Duration.ofHours(1));
    world.ledger().append(world.entry("dec_after"));

    assertThat(world.ids()).containsExactly("dec_before", "dec_after");
    assertThat(world.count("ledger_checkpoint")).isEqualTo(kept + 1);
  }

  @Test
  void a_ledger_whose_stored_tree_contradicts_its_head_does_not_start() {
    world.ledger().append(world.entry("dec_a"));
    world.ledger().close();
    world.damage("UPDATE ledger_entry SET leaf = sha256(leaf) WHERE id = 'dec_a'");

    assertThatThrownBy(world::reopen).isInstanceOf(LedgerDamagedException.class);
  }

  @Test
  void a_closed_ledger_refuses() {
    world.ledger().close();

    assertThatThrownBy(() -> world.ledger().append(Entry.of(EntryType.HEARTBEAT, world.now())))
        .hasMessage("the ledger is closed");
  }

  private int change(Recording recording, String id) {
    recording.append(world.entry(id));
    return recording.tx().update("INSERT INTO governed VALUES ('a')");
  }
}
