package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.LedgerHistory.Kept;
import dev.remit.server.store.CommitFaults.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One key for what is kept about one subject on one day: made in memory, durable with the first
/// body under it, and gone for good once its row says so.
@Tag("R188")
class SubjectKeysTest {
  private static final TaskId TASK = TaskId.fresh(Instant.parse("2026-11-21T10:00:00Z"));

  private final LedgerWorld world = new LedgerWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @Test
  void bodies_of_one_task_and_day_share_a_key_and_those_of_another_do_not() {
    world.ledger().append(about(TASK, "dec_a"), Body.of("prompt", "one"));
    world.ledger().append(about(TASK, "dec_b"), Body.of("prompt", "two"), Body.of("sent", "three"));
    world.ledger().append(about(TaskId.fresh(world.now()), "dec_c"), Body.of("prompt", "four"));
    var yesterday = world.now().minus(Duration.ofDays(1));
    world
        .ledger()
        .append(
            Entry.of(EntryType.CALL_REFUSED, yesterday).with("task", TASK.value()),
            Body.of("prompt", "five"));

    assertThat(world.count("ledger_kek")).isEqualTo(3);
    assertThat(
            world.texts(
                "SELECT count(*)::text AS text FROM ledger_body GROUP BY kek ORDER BY text"))
        .containsExactly("1", "1", "3");
  }

  @Test
  void a_new_key_costs_no_transaction_of_its_own() {
    world.ledger().append(about(TASK, "dec_a"), Body.of("prompt", "one"));

    assertThat(
            world.texts(
                "SELECT (k.xmin = b.xmin AND b.xmin = e.xmin)::text AS text FROM ledger_kek k"
                    + " JOIN ledger_body b ON b.kek = k.name JOIN ledger_entry e USING (log, index)"))
        .containsExactly("true");
  }

  @ParameterizedTest
  @EnumSource
  void a_key_whose_first_commit_was_not_answered_is_stored_once_and_opens(Fault fault) {
    world.failNextCommit(fault);

    world.ledger().append(about(TASK, "dec_a"), Body.of("prompt", "one"));
    world.ledger().append(about(TASK, "dec_b"), Body.of("prompt", "two"));

    assertThat(world.count("ledger_kek")).isEqualTo(1);
    assertThat(opened("dec_a")).contains("one");
    assertThat(opened("dec_b")).contains("two");
  }

  @Test
  void another_process_opens_what_this_one_has_kept() {
    world.ledger().append(about(TASK, "dec_a"), Body.of("prompt", "one"));
    world.ledger().close();
    world.reopen();

    assertThat(opened("dec_a")).contains("one");
  }

  @Test
  void a_destroyed_key_opens_nothing_even_where_it_is_remembered() {
    world.ledger().append(about(TASK, "dec_a"), Body.of("prompt", "one"));
    assertThat(opened("dec_a")).contains("one");
    var bytes = world.texts("SELECT encode(wrapped, 'hex') AS text FROM ledger_kek").getFirst();

    world.sql("UPDATE ledger_kek SET wrapped = NULL, destroyed_at = now()");

    assertThat(opened("dec_a")).isEmpty();
    for (var column : List.of("ledger_kek", "ledger_body", "ledger_entry", "ledger_log")) {
      assertThat(world.count(column + " AS r WHERE r::text LIKE '%" + bytes + "%'")).isZero();
    }
  }

  @Test
  void whoever_makes_a_bundle_gets_what_is_there_and_is_told_what_was_erased() {
    world.ledger().append(about(TASK, "dec_a"), Body.of("prompt", "one"));
    world.ledger().append(about(TaskId.fresh(world.now()), "dec_b"), Body.of("prompt", "two"));
    world.sql(
        "UPDATE ledger_kek SET wrapped = NULL, destroyed_at = now() WHERE task = '%s'"
            .formatted(TASK));
    var reader = world.reader();
    var history = new LedgerHistory(world.database(), world.ledger(), reader, world.kek());
    var entries = List.of(reader.entry("dec_a").orElseThrow(), reader.entry("dec_b").orElseThrow());
    var opened = new ArrayList<Kept>();
    var closed = new ArrayList<Kept>();

    history.bodies(entries, true, body -> opened.add(body.kept()));
    history.bodies(entries, false, body -> closed.add(body.kept()));

    assertThat(opened.getFirst()).isInstanceOf(Kept.Erased.class);
    assertThat(opened.getLast())
        .isInstanceOfSatisfying(
            Kept.Salted.class, kept -> assertThat(kept.value()).asString().isEqualTo("two"));
    assertThat(closed).hasExactlyElementsOfTypes(Kept.Erased.class, Kept.Closed.class);
  }

  /// What releases before have kept stays readable, and is erased by itself.
  @Test
  void a_body_that_the_master_key_wrapped_is_read_and_erased_as_before() {
    world.ledger().append(about(TASK, "dec_old"), Body.of("prompt", "older"));
    world.ledger().append(about(TaskId.fresh(world.now()), "dec_other"), Body.of("prompt", "kept"));
    rewrapByMaster("dec_old");
    rewrapByMaster("dec_other");
    assertThat(opened("dec_old")).contains("older");

    int erased =
        world
            .database()
            .transact(tx ->
                new SubjectKeyStore(world.ledger()).eraseOlder(tx, new ErasureScope.OfTask(TASK)));

    assertThat(erased).isEqualTo(1);
    assertThat(opened("dec_old")).isEmpty();
    assertThat(opened("dec_other")).contains("kept");
  }

  private void rewrapByMaster(String id) {
    world
        .database()
        .run(tx -> {
          var stored =
              tx.one(
                      "SELECT b.index, NULL::bytea AS ciphertext,"
                          + StoredBody.COLUMNS
                          + "FROM ledger_body b JOIN ledger_entry e USING (log, index)"
                          + StoredBody.KEY
                          + "WHERE e.id = ?",
                      row -> StoredBody.of(row).orElseThrow(),
                      id)
                  .orElseThrow();
          var purpose = "remit ledger body v1 prompt";
          var key =
              world
                  .ledger()
                  .keys()
                  .opening(stored.kek(), stored.kekWrapped().orElseThrow())
                  .unwrap(stored.wrapped(), purpose);
          tx.update(
              "UPDATE ledger_body SET kek = 'master', wrapped = decode(?, 'hex') WHERE kek = ?",
              HexFormat.of().formatHex(world.kek().wrap(key, purpose)),
              stored.kek());
        });
  }

  private Entry about(TaskId task, String id) {
    return world.entry(id).with("task", task.value()).with("workflow", "invoices");
  }

  private Optional<String> opened(String id) {
    var reader = world.reader();
    return reader
        .body(reader.entry(id).orElseThrow(), "prompt")
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }
}
