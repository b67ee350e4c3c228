package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.ledger.LedgerAudit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a start finds in a database that somebody else has been at.
@Tag("R208")
class LogStartTest {
  private final LedgerWorld world = new LedgerWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @Test
  void a_second_node_with_the_first_ones_log_name_does_not_start() {
    assertThatThrownBy(() -> world.openAs("node-2", "ledger.test/node-1"))
        .isInstanceOf(LogNameTakenException.class)
        .hasMessage(
            "the log `ledger.test/node-1` belongs to node `node-1`; give this node its own"
                + " `ledger.origin`, or its name as `node` to take it over");
  }

  @Test
  void a_second_node_with_a_name_of_its_own_has_a_log_of_its_own() {
    try (var second = world.openAs("node-2", "ledger.test/node-2")) {
      second.append(world.entry("dec_second"));

      world.ledger().append(world.entry("dec_first"));
    }

    assertThat(world.reader().entry("dec_first")).isPresent();
    assertThat(world.reader().entry("dec_second")).as("in another log").isEmpty();
    assertThat(world.types()).hasSize(7);
  }

  @Test
  void the_older_of_two_processes_with_one_name_is_told_that_it_was_fenced() {
    var first = world.ledger();
    world.openAnother();

    assertThatThrownBy(() -> first.append(world.entry("dec_a")))
        .isInstanceOf(FencedException.class)
        .hasMessage(
            "another process has taken over the log `ledger.test/node-1`; this one may not append");
  }

  @Test
  void entries_that_were_truncated_keep_the_log_from_starting() {
    world.ledger().append(world.entry("dec_a"));
    world.ledger().close();
    world.damage("DELETE FROM ledger_entry");

    assertThatThrownBy(world::reopen)
        .isInstanceOf(LedgerDamagedException.class)
        .hasMessageContaining("lacks hashes of level");
  }

  @Test
  void a_signing_key_that_is_gone_is_not_quietly_replaced() {
    world.ledger().close();
    var keys = world.keys();
    world.sql("CREATE TABLE kept AS SELECT * FROM ledger_key");
    world.sql("DELETE FROM ledger_key");

    assertThatThrownBy(world::reopen)
        .isInstanceOf(LedgerDamagedException.class)
        .hasMessage(
            "the signing key of `ledger.test/node-1` in `ledger_key` is gone; restore the database"
                + " as a whole");

    world.sql("INSERT INTO ledger_key SELECT * FROM kept");
    assertThat(world.keys()).isEqualTo(keys);
  }

  @Test
  void a_head_that_is_gone_is_not_quietly_replaced_by_a_second_log_of_the_same_name() {
    world.ledger().close();
    var keys = world.keys();
    world.sql("CREATE TABLE kept_keys AS SELECT * FROM ledger_key");
    world.sql("CREATE TABLE kept AS SELECT * FROM ledger_log");
    world.sql("DELETE FROM ledger_key");
    world.sql("DELETE FROM ledger_log");

    assertThatThrownBy(world::reopen)
        .isInstanceOf(LedgerDamagedException.class)
        .hasMessage(
            "there are entries of log 1, and its head in `ledger_log` is gone; restore the database"
                + " as a whole");

    world.sql("INSERT INTO ledger_log OVERRIDING SYSTEM VALUE SELECT * FROM kept");
    world.sql("INSERT INTO ledger_key SELECT * FROM kept_keys");
    assertThat(world.keys()).isEqualTo(keys);
  }

  @Test
  void tables_that_were_replaced_by_those_of_another_log_are_found_by_who_knows_the_key() {
    world.ledger().append(world.entry("dec_a"));
    var trusted = world.keys();
    try (var other = new LedgerWorld()) {
      other.ledger().append(other.entry("dec_b"));

      var report = LedgerAudit.of(other.reader().files(), trusted);

      assertThat(report.damages())
          .extracting("what")
          .first()
          .isEqualTo("no known key has signed a checkpoint of `ledger.test/node-1`");
    }
  }

  @Test
  void a_restored_backup_is_found_by_whoever_holds_a_later_receipt() {
    world.ledger().append(world.entry("dec_a"));
    world.ledger().close();
    world.backup();
    world.reopen();
    var held = world.ledger().append(world.entry("dec_lost"));
    world.ledger().close();

    world.restore();

    var report =
        LedgerAudit.of(
            world.reader().files(), world.reader().logKeys(), List.of(), List.of(held.note()));
    assertThat(report.damages())
        .extracting(Object::toString)
        .containsExactly(
            "entries 4 to 5: the log has signed for them and does not have them: it was set back");
  }

  @Test
  void a_restored_backup_that_went_on_is_found_as_a_fork() {
    world.ledger().append(world.entry("dec_a"));
    world.ledger().close();
    world.backup();
    world.reopen();
    var held = world.ledger().append(world.entry("dec_lost"));
    world.ledger().close();
    world.restore();

    world.reopen();
    world.ledger().append(world.entry("dec_other"));
    world.ledger().append(world.entry("dec_more"));

    var report =
        LedgerAudit.of(
            world.reader().files(), world.reader().logKeys(), List.of(), List.of(held.note()));
    assertThat(report.damages()).isNotEmpty();
    assertThat(report.damages().getFirst().what())
        .matches("the log has signed two different trees of size 6|together they are not what .*");
  }
}
