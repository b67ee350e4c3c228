package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.ReceiptCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What somebody who records something can rely on. [LedgerWorld#close] verifies the whole ledger
/// after each test.
class LedgerTest {
  private final LedgerWorld world = new LedgerWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @Test
  @Tag("R200")
  void an_appended_entry_is_stored_and_its_receipt_verifies_offline() {
    var receipt = world.ledger().append(world.entry("dec_a").with("identity", "spiffe://x/y/z"));

    assertThat(receipt.check(world.keys())).isInstanceOf(ReceiptCheck.Proven.class);
    assertThat(world.types()).containsExactly("boot", "key.created", "call.decided");
    assertThat(world.entryText("dec_a")).contains("\"identity\":\"spiffe://x/y/z\"");
  }

  @Test
  void callers_that_wait_together_each_get_their_own_receipt() throws Exception {
    int callers = 300;

    List<Future<Receipt>> receipts;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      receipts =
          threads.invokeAll(
              IntStream.range(0, callers)
                  .<Callable<Receipt>>mapToObj(
                      i -> () -> world.ledger().append(world.entry("dec_" + i)))
                  .toList());
    }

    for (int i = 0; i < callers; i++) {
      var receipt = receipts.get(i).get();
      assertThat(receipt.check(world.keys())).isInstanceOf(ReceiptCheck.Proven.class);
      assertThat(receipt.isFor(world.entryBytes("dec_" + i))).isTrue();
    }
  }

  @Test
  void a_submitted_entry_is_stored_before_the_ledger_closes_and_the_epoch_is_sealed() {
    world.ledger().append(world.entry("dec_a"));
    for (int i = 0; i < 2500; i++) {
      world.ledger().submit(Entry.of(EntryType.TASK_STARTED, world.now()).with("task", "t" + i));
    }

    world.ledger().close();

    assertThat(world.types()).hasSize(2504).endsWith("task.started", "seal");
  }

  @Test
  void a_second_start_continues_the_log_and_names_where_the_first_stopped() {
    world.ledger().append(world.entry("dec_a"));
    world.ledger().close();

    world.reopen();
    world.ledger().append(world.entry("dec_b"));

    assertThat(world.types())
        .containsExactly("boot", "key.created", "call.decided", "seal", "boot", "call.decided");
    assertThat(world.text(4)).contains("\"previousEpoch\":1,\"previousN\":4");
  }

  @Test
  void of_two_processes_only_the_one_that_opened_last_appends() {
    var first = world.ledger();
    first.append(world.entry("dec_a"));
    var second = world.openAnother();

    second.append(world.entry("dec_b"));

    assertThatThrownBy(() -> first.append(world.entry("dec_c")))
        .isInstanceOf(FencedException.class);
    assertThatThrownBy(() -> first.transact(recording -> record(recording, "dec_d")))
        .isInstanceOf(FencedException.class);
    assertThat(first.isOurs()).isFalse();
    second.append(world.entry("dec_e"));
    assertThat(world.ids()).containsExactly("dec_a", "dec_b", "dec_e");
  }

  @Test
  void a_governance_change_and_its_entry_are_stored_together() {
    world.sql("CREATE TABLE governed (name text)");

    int changed =
        world
            .ledger()
            .transact(recording -> {
              recording.append(world.entry("dec_g"));
              return recording.tx().update("INSERT INTO governed VALUES ('a')");
            });

    assertThat(changed).isEqualTo(1);
    assertThat(world.ids()).containsExactly("dec_g");
    assertThat(world.count("governed")).isEqualTo(1);
  }

  @Test
  void a_governance_change_that_fails_leaves_neither_state_nor_entry() {
    world.sql("CREATE TABLE governed (name text)");

    assertThatThrownBy(() ->
            world
                .ledger()
                .transact(recording -> {
                  recording.append(world.entry("dec_g"));
                  recording.tx().update("INSERT INTO governed VALUES ('a')");
                  throw new IllegalArgumentException("refused");
                }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("refused");

    assertThat(world.ids()).isEmpty();
    assertThat(world.count("governed")).isZero();
    world.ledger().append(world.entry("dec_a"));
  }

  @Test
  void calling_the_ledger_from_inside_a_ledger_transaction_is_refused_instead_of_waiting_forever() {
    assertThatThrownBy(() ->
            world.ledger().transact(recording -> world.ledger().append(world.entry("dec_inner"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("from inside");
  }

  @Test
  void an_entry_of_64_kib_is_refused_and_nothing_is_appended() {
    assertThatThrownBy(
            () -> world.ledger().append(world.entry("dec_big").with("text", "x".repeat(65_536))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 KiB");

    assertThat(world.ids()).isEmpty();
  }

  @Test
  void a_quiet_log_says_that_it_is_alive() {
    world.reopenWith(config -> LedgerWorld.withHeartbeat(config, Duration.ofMillis(80)));

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> world.types().stream().filter("heartbeat"::equals).count() >= 2);
  }

  @Test
  void the_signing_key_is_not_in_the_database_in_the_clear() {
    world.ledger().append(world.entry("dec_a"));

    // The object identifier that every Ed25519 key in PKCS #8 carries.
    assertThat(world.storedSigningKeyHex()).doesNotContain("06032b6570");
  }

  private String record(Recording recording, String id) {
    recording.append(world.entry(id));
    return id;
  }
}
