package dev.remit.server.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Findings.Closing;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
  private static final PersonName ANNA = new PersonName("anna");
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

  @Test
  void a_finding_is_closed_with_its_reason_on_record_and_raised_anew_when_seen_again() {
    findings.raise(SEEN, NOW);
    var first = findings.newest().getFirst().id();

    var closing = findings.close(first, ANNA, "mended in 1.4", NOW.plusSeconds(1));

    assertThat(closing).isInstanceOf(Closing.Done.class);
    assertThat(findings.newest()).isEmpty();
    assertThat(findings.count()).isZero();
    var entry = reader.last(EntryType.FINDING_CLOSED).orElseThrow();
    assertThat(entry.text("of")).contains(first.value());
    assertThat(entry.content().toString()).doesNotContain("mended");
    assertThat(reader.body(entry, "reason")).isPresent();
    findings.raise(SEEN, NOW.plusSeconds(9));
    assertThat(findings.newest())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.id()).isNotEqualTo(first);
          assertThat(finding.times()).isEqualTo(1);
        });
    assertThat(reader.last(EntryType.FINDING_RAISED).orElseThrow().id())
        .contains(findings.newest().getFirst().id().value());
    assertThat(findings.newest(true)).hasSize(2);
  }

  @Test
  void a_finding_is_closed_once_and_by_whom_is_told_to_the_next() {
    findings.raise(SEEN, NOW);
    var id = findings.newest().getFirst().id();
    findings.close(id, ANNA, "done", NOW);

    var again = findings.close(id, new PersonName("ben"), "me too", NOW.plusSeconds(1));

    assertThat(again).isEqualTo(new Closing.Already(new Finding.Closed(NOW, ANNA, "done")));
    assertThat(findings.close(FindingId.fresh(NOW), ANNA, "which", NOW))
        .isEqualTo(new Closing.Unknown());
  }

  @Test
  void a_closing_whose_commit_was_lost_leaves_the_finding_open() {
    findings.raise(SEEN, NOW);
    var id = findings.newest().getFirst().id();
    faults.failNext(CommitFaults.Fault.LOST);

    assertThatThrownBy(() -> findings.close(id, ANNA, "done", NOW))
        .isInstanceOf(DatabaseUnavailable.class);

    assertThat(findings.newest()).hasSize(1);
    assertThat(reader.last(EntryType.FINDING_CLOSED)).isEmpty();
  }

  @Test
  void a_closing_that_was_stored_and_reported_failed_is_done_once() {
    findings.raise(SEEN, NOW);
    var id = findings.newest().getFirst().id();
    faults.failNext(CommitFaults.Fault.STORED);

    var closing = findings.close(id, ANNA, "done", NOW);

    assertThat(closing).isInstanceOf(Closing.Done.class);
    assertThat(findings.newest()).isEmpty();
    assertThat(reader.last(EntryType.FINDING_CLOSED)).isPresent();
  }

  @Test
  void what_was_raised_seen_and_closed_is_counted_for_prometheus() {
    var figures = new SimpleMeterRegistry();
    findings.bindTo(figures);
    findings.raise(SEEN, NOW);
    findings.raise(SEEN, NOW);
    findings.close(findings.newest().getFirst().id(), ANNA, "done", NOW);

    assertThat(figures.get("remit.findings.raised").tag("severity", "high").functionCounter())
        .matches(counter -> counter.count() == 1);
    assertThat(figures.get("remit.findings.seen").functionCounter().count()).isEqualTo(2);
    assertThat(figures.get("remit.findings.closed").functionCounter().count()).isEqualTo(1);
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
