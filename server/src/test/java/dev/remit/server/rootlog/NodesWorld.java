package dev.remit.server.rootlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.Cosignatures;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.LogLook;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.ledger.RootFence;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.witness.Witness;
import dev.remit.server.witness.Witnesses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Several nodes over one real database, each with a log of its own, and the root log that one of
/// them keeps. Closing it verifies every log that nobody damaged.
final class NodesWorld implements AutoCloseable {
  static final RootLogConfig QUICK =
      new RootLogConfig(Duration.ofMillis(50), Duration.ofMillis(600), Duration.ofMillis(400));

  private final DatabaseConfig where = TestDatabase.freshConfig();
  private final Path data = TestDatabase.enterable("nodes-");
  private final KeyWrap kek = KeyWrap.of(MasterKey.open(data, Map.of()));
  private final InstantSource clock = InstantSource.system();
  private final List<Node> nodes = new ArrayList<>();
  private List<Witness> witnesses = List.of();
  private boolean damaged;

  /// One process.
  final class Node {
    final Database database = Database.open(where);
    final Ledger ledger;
    final Findings findings;
    final NodeLogs logs;
    private Optional<RootLog> keeping = Optional.empty();

    private Node(String name) {
      ledger = Ledger.open(database, config(name), kek, clock);
      findings = new Findings(database, ledger);
      logs = new NodeLogs(database, ledger, kek);
      keep(name);
    }

    private void keep(String name) {
      var fence = new RootFence(database, config(name), "nodes.test/root", kek, clock);
      keeping =
          Optional.of(
              RootLog.start(
                  QUICK,
                  fence,
                  logs,
                  new LogLook(database),
                  ledger,
                  findings,
                  this::witnessing,
                  clock));
    }

    private Witnesses witnessing(Ledger log) {
      return new Witnesses(
          witnesses, Duration.ofMillis(50), new Cosignatures(database, log), findings, clock);
    }

    void append() {
      ledger.append(Entry.of(EntryType.DECISION_ASKED, clock.instant()));
    }

    LedgerReader reader() {
      return new LedgerReader(database, ledger, kek);
    }

    List<Finding> found(String kind) {
      return findings.newest().stream().filter(one -> one.kind().equals(kind)).toList();
    }

    /// Ends in order.
    void stop() {
      keeping.ifPresent(RootLog::close);
      keeping = Optional.empty();
      if (ledger.isOurs()) {
        Audited.close(ledger, reader());
      } else {
        ledger.close();
      }
      database.close();
      nodes.remove(this);
    }

    /// Is gone from one moment to the next, as a process that is killed.
    void kill() {
      database.close();
      nodes.remove(this);
    }
  }

  private static LedgerConfig config(String name) {
    return new LedgerConfig(
        name,
        "nodes.test/" + name,
        1000,
        10_000,
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Optional.empty());
  }

  /// Who cosigns the root log, for nodes that are started from now on.
  void witnessedBy(Witness witness) {
    witnesses = List.of(witness);
  }

  Node start(String name) {
    var node = new Node(name);
    nodes.add(node);
    return node;
  }

  /// What the root log says of a node's log, oldest first.
  static List<RecordedEntry> seen(Node by, String node) {
    return rootEntries(by).stream()
        .filter(entry -> entry.text("node").equals(Optional.of(node)))
        .toList();
  }

  static List<RecordedEntry> rootEntries(Node by) {
    return by.logs.root().map(root -> by.logs.reader(root).page(0, 1000)).orElse(List.of());
  }

  /// Edits rows behind everybody's back; nothing is expected to verify after it.
  void damage(String sql) {
    damaged = true;
    nodes.getFirst().database.run(tx -> tx.update(sql));
  }

  @Override
  public void close() {
    var root = new ArrayList<RecordedEntry>();
    if (!damaged && !nodes.isEmpty()) {
      root.addAll(rootEntries(nodes.getFirst()));
      Accounted.check(nodes.getFirst().database, Instant.now());
    }
    for (var node : List.copyOf(nodes)) {
      if (damaged) {
        node.kill();
      } else {
        node.stop();
      }
    }
    for (int i = 0; i < root.size(); i++) {
      assertThat(root.get(i).index()).isEqualTo(i);
    }
  }
}
