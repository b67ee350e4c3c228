package dev.remit.server.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.tokens.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A node that looks at what it records. What is recorded is written by the test, at its times.
/// Closing it verifies the ledger.
final class DetectionWorld implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  final Map<TaskId, Task> tasks = new ConcurrentHashMap<>();
  final CommitFaults faults = new CommitFaults();
  private final Map<String, JsonNode> revisions = new ConcurrentHashMap<>();
  private final Path data = TestDatabase.enterable("detection-");
  private final KeyWrap kek = KeyWrap.of(MasterKey.open(data, Map.of()));
  final Database database = Database.open(TestDatabase.freshConfig(), faults);
  private final Ledger ledger =
      Ledger.open(
          database, new LedgerConfig("node-1", "detection.test/1"), kek, InstantSource.fixed(NOW));
  private final LedgerReader reader = new LedgerReader(database, ledger, kek);
  final Findings findings = new Findings(database, ledger);
  private @Nullable Detection detection;

  private volatile Registered registered = new Registered(0, List.of());

  DetectionWorld() {
    begin();
  }

  /// From now on this is declared.
  void declared(Declared... all) {
    registered = new Registered(1, List.of(all));
  }

  Detection begin() {
    end();
    var config =
        new DetectionConfig(
            Duration.ofMillis(20),
            Duration.ofDays(30),
            Duration.ofSeconds(10),
            3,
            Duration.ofMinutes(10),
            Duration.ofMinutes(1));
    detection =
        new Detection(
            config,
            database,
            ledger.origin(),
            reader,
            task -> Optional.ofNullable(tasks.get(task)),
            (kind, name, revision) ->
                Optional.ofNullable(revisions.get(kind + "/" + name + "@" + revision)),
            () -> registered,
            findings,
            InstantSource.fixed(NOW));
    return detection;
  }

  void end() {
    if (detection != null) {
      detection.close();
      detection = null;
    }
  }

  Detection detection() {
    if (detection == null) {
      throw new IllegalStateException("nobody looks");
    }
    return detection;
  }

  /// Records an entry at `at`, with members as pairs of name and text.
  void record(EntryType type, Instant at, String... members) {
    var entry = Entry.of(type, at);
    for (int i = 0; i < members.length; i += 2) {
      entry = entry.with(members[i], members[i + 1]);
    }
    ledger.append(entry);
  }

  void risk(String workflow, String before, String after, boolean rises) {
    var entry =
        Entry.of(EntryType.RISK_CHANGED, NOW)
            .with("workflow", workflow)
            .with("after", after)
            .with("because", List.of("side-effects"))
            .with("rises", rises)
            .with("by", "anna");
    ledger.append(before.isEmpty() ? entry : entry.with("before", before));
  }

  void rolled() {
    ledger.append(
        Entry.of(EntryType.KEY_REVOKED, NOW)
            .with("kid", "old")
            .with("use", "task-token")
            .with("by", "sam")
            .with("reason", "a disk was lost")
            .with("seq", 7));
  }

  /// Records that somebody changed something, and what it was and is.
  void changed(String kind, String name, String by, String before, String after) {
    revisions.put(kind + "/" + name + "@1", JsonMapper.shared().readTree(before));
    revisions.put(kind + "/" + name + "@2", JsonMapper.shared().readTree(after));
    ledger.append(
        Entry.of(EntryType.REGISTRY_CHANGED, NOW)
            .with("action", "update")
            .with("kind", kind)
            .with("name", name)
            .with("revision", 2)
            .with("by", by));
  }

  /// Returns what is open once everything that was recorded has been looked at.
  List<Finding> found() {
    long size = reader.size();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            database.transact(tx -> new DetectionStore().position(tx, ledger.origin())).orElse(0L)
                >= size);
    return findings.newest();
  }

  void assertFound(String kind, String subject) {
    assertThat(found())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.kind()).isEqualTo(kind);
          assertThat(finding.subject()).isEqualTo(subject);
          assertThat(finding.remedy()).isNotBlank();
        });
  }

  void assertSilent() {
    assertThat(found()).isEmpty();
  }

  @Override
  public void close() {
    end();
    Audited.close(ledger, reader);
    database.close();
  }
}
