package dev.remit.server.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.NoteCheck;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Presented;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.Cosignatures;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.LedgerRoutes;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints reach witnesses beside the path of appending, and what a witness holds against the
/// log becomes a finding.
@Tag("R208")
class WitnessesTest {
  private static final Duration EVERY = Duration.ofMillis(50);

  @TempDir private Path data;
  private final SmallWitness anna = new SmallWitness("anna.test/w");
  private final SmallWitness ben = new SmallWitness("ben.test/w");
  private Database database;
  private KeyWrap kek;
  private Ledger ledger;
  private LedgerReader reader;
  private Findings findings;
  private Witnesses witnesses;

  @BeforeEach
  void open() {
    database = Database.open(TestDatabase.freshConfig());
    kek = KeyWrap.of(MasterKey.open(data, Map.of()));
    openLedger();
    anna.knows(reader.logKeys());
    ben.knows(reader.logKeys());
    watch();
  }

  private void openLedger() {
    var config = new LedgerConfig("node-1", "ledger.test/w");
    ledger = Ledger.open(database, config, kek, InstantSource.system());
    reader = new LedgerReader(database, ledger, kek);
    findings = new Findings(database, ledger);
  }

  private void watch() {
    witnesses =
        new Witnesses(
            List.of(anna.asConfigured(), ben.asConfigured()),
            EVERY,
            new Cosignatures(database, ledger),
            findings,
            InstantSource.system());
  }

  @AfterEach
  void close() {
    witnesses.close();
    anna.close();
    ben.close();
    Audited.close(ledger, reader);
    database.close();
  }

  @Test
  void the_newest_checkpoint_is_served_with_what_every_witness_said() {
    var receipt = append();

    await().atMost(Duration.ofSeconds(10)).until(() -> served().signatures().size() == 3);

    var note = served();
    assertThat(note.text()).isEqualTo(receipt.note().text());
    assertThat(note.check(List.of(anna.key()))).isInstanceOf(NoteCheck.Signed.class);
    assertThat(note.check(List.of(ben.key()))).isInstanceOf(NoteCheck.Signed.class);
  }

  @Test
  void a_witness_that_is_away_delays_nothing_and_gets_the_newest_when_it_is_back() {
    anna.setAway(true);
    var receipts = List.of(append(), append(), append());

    await().atMost(Duration.ofSeconds(10)).until(() -> isCosigned(receipts.getLast(), ben));
    anna.setAway(false);

    await().atMost(Duration.ofSeconds(10)).until(() -> isCosigned(receipts.getLast(), anna));
  }

  @Test
  void a_restored_backup_is_a_finding_from_the_first_round_on() {
    ledger.append(entry());
    await().atMost(Duration.ofSeconds(10)).until(() -> anna.latest().isPresent());
    witnesses.close();
    ledger.close();
    keep();
    openLedger();
    for (int i = 0; i < 10; i++) {
      append();
    }
    watch();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> anna.latest().orElseThrow().size() >= 14 && ben.latest().isPresent());
    witnesses.close();
    ledger.close();

    putBack();
    openLedger();
    watch();

    await().atMost(Duration.ofSeconds(10)).until(() -> kinds().contains("log-set-back"));
    var set = findings.newest().stream().filter(one -> one.kind().equals("log-set-back")).toList();
    assertThat(set.getFirst().severity()).isEqualTo(Finding.Severity.HIGH);
    assertThat(set.getFirst().summary())
        .matches(
            "witness `\\w+.test/w` has cosigned \\d+ entries of `ledger.test/w`, which has \\d+");
  }

  @Test
  void a_restored_backup_that_has_grown_past_what_was_seen_is_a_fork() {
    append();
    await().atMost(Duration.ofSeconds(10)).until(() -> anna.latest().isPresent());
    witnesses.close();
    ledger.close();
    keep();
    openLedger();
    append();
    watch();
    long seen = ledger.append(entry()).checkpoint().size();
    await().atMost(Duration.ofSeconds(10)).until(() -> anna.latest().orElseThrow().size() >= seen);
    witnesses.close();
    ledger.close();

    putBack();
    openLedger();
    for (int i = 0; i < 20; i++) {
      append();
    }
    watch();

    await().atMost(Duration.ofSeconds(10)).until(() -> kinds().contains("log-forked"));
  }

  @Test
  void a_witness_that_was_not_told_of_a_new_key_is_a_finding_until_it_is() {
    ledger.rotateKey(new PersonName("anna"), "yearly", Instant.now());
    append();

    await().atMost(Duration.ofSeconds(10)).until(() -> kinds().contains("witness-refuses"));
    anna.knows(reader.logKeys());
    ben.knows(reader.logKeys());
    var after = append();

    await().atMost(Duration.ofSeconds(10)).until(() -> isCosigned(after, anna, ben));
  }

  private Receipt append() {
    return ledger.append(entry());
  }

  private static Entry entry() {
    return Entry.of(EntryType.TASK_STARTED, Instant.now()).with("task", "t");
  }

  private static boolean isCosigned(Receipt receipt, SmallWitness... witnesses) {
    for (var witness : witnesses) {
      var latest = witness.latest();
      if (latest.isEmpty() || latest.get().size() < receipt.checkpoint().size()) {
        return false;
      }
    }
    return true;
  }

  /// What everybody gets who asks for the checkpoint.
  private SignedNote served() {
    var operations =
        new LedgerRoutes(ledger, reader, new NodeLogs(database, ledger, kek)).operations();
    var asked =
        operations.stream().filter(one -> one.path().equals("/v1/ledger/checkpoint")).findFirst();
    var call =
        new Call(
            new Caller.Anonymous(),
            new Presented("", List.of(), "GET", "/", List.of()),
            Instant.now(),
            Map.of(),
            Map.of(),
            Map.of(),
            new byte[0]);
    if (asked.orElseThrow().answer() instanceof Operation.Answer.Whole(var handler)) {
      return SignedNote.parse(new String(handler.handle(call).body(), StandardCharsets.UTF_8));
    }
    throw new IllegalStateException("a checkpoint does not stream");
  }

  private List<String> kinds() {
    return findings.newest().stream().map(Finding::kind).toList();
  }

  private static final List<String> TABLES =
      List.of("ledger_entry", "ledger_node", "ledger_checkpoint", "ledger_cosignature");

  private void keep() {
    for (var table : TABLES) {
      sql("CREATE TABLE backup_%1$s AS SELECT * FROM %1$s".formatted(table));
    }
    sql("CREATE TABLE backup_ledger_log AS SELECT * FROM ledger_log");
  }

  private void putBack() {
    for (var table : TABLES) {
      sql("DELETE FROM " + table);
      sql("INSERT INTO %1$s SELECT * FROM backup_%1$s".formatted(table));
    }
    sql(
        """
        UPDATE ledger_log AS l
           SET epoch = b.epoch, last_n = b.last_n, size = b.size, root = b.root, note = b.note
          FROM backup_ledger_log AS b
         WHERE l.log = b.log
        """);
  }

  private void sql(String text) {
    database.run(tx -> tx.update(text));
  }
}
