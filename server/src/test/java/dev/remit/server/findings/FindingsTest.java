package dev.remit.server.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Finding.Sighting SEEN =
      new Finding.Sighting(
          "engines-disagree",
          "sha256:1",
          Finding.Severity.HIGH,
          "they differ",
          "report it",
          Role.SECURITY);

  @TempDir private Path data;
  private final CommitFaults faults = new CommitFaults();
  private Database database;
  private Ledger ledger;
  private LedgerReader reader;
  private Findings findings;

  @BeforeEach
  void open() {
    database = Database.open(TestDatabase.freshConfig(), faults);
    var kek = KeyWrap.of(MasterKey.open(data, Map.of()));
    ledger =
        Ledger.open(
            database, new LedgerConfig("node-1", "ledger.test/f"), kek, InstantSource.fixed(NOW));
    reader = new LedgerReader(database, ledger, kek);
    findings = new Findings(database, ledger);
  }

  @AfterEach
  void close() {
    ledger.close();
    database.close();
  }

  @Test
  void what_is_seen_again_is_the_same_finding_and_on_record_once() {
    findings.raise(SEEN, NOW, Body.of("question", "pay 4711"));
    findings.raise(SEEN, NOW.plusSeconds(5), Body.of("question", "pay 4712"));

    assertThat(findings.newest())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.times()).isEqualTo(2);
          assertThat(finding.raisedAt()).isEqualTo(NOW);
          assertThat(finding.seenAt()).isEqualTo(NOW.plusSeconds(5));
        });
    var entry = reader.last(EntryType.FINDING_RAISED).orElseThrow();
    assertThat(entry.id()).contains(findings.newest().getFirst().id().value());
    assertThat(entry.content().toString()).doesNotContain("4711");
    assertThat(reader.body(entry, "question")).isPresent();
  }

  @Test
  void a_commit_that_was_lost_leaves_neither_the_row_nor_the_entry() {
    faults.failNext(CommitFaults.Fault.LOST);

    assertThatThrownBy(() -> findings.raise(SEEN, NOW)).isInstanceOf(DatabaseUnavailable.class);

    assertThat(findings.count()).isZero();
    assertThat(reader.last(EntryType.FINDING_RAISED)).isEmpty();
  }

  /// The ledger reads back what became of a commit whose answer never came.
  @Test
  void a_commit_that_was_stored_and_reported_failed_counts_once() {
    faults.failNext(CommitFaults.Fault.STORED);

    findings.raise(SEEN, NOW);

    assertThat(findings.newest()).singleElement().matches(finding -> finding.times() == 1);
    assertThat(reader.last(EntryType.FINDING_RAISED)).isPresent();
  }
}
