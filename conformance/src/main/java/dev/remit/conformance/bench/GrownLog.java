package dev.remit.conformance.bench;

import dev.remit.kernel.ledger.Batch;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Frontier;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.Nodes;
import dev.remit.kernel.ledger.Producer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// A log grown to a wanted size behind the back of a server that is killed right after: entries and
/// hashes as the server would have written them, in one transaction that keeps it from appending.
///
/// The entries are those of a producer of its own: decisions, each followed by its outcome. The
/// server signs for them with the first entry that it appends at its next start.
final class GrownLog {
  private static final int AT_ONCE = 4_096;
  private static final Producer PRODUCER = new Producer("grower", 1);
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final Connection connection;
  private final int log;
  private final Frontier before;
  private final List<Batch.TileHash> tiles = new ArrayList<>();
  private long n;

  private GrownLog(Connection connection, int log, Frontier before, long n) {
    this.connection = connection;
    this.log = log;
    this.before = before;
    this.n = n;
  }

  /// The id of the decision that has the number `n` of its producer, an even one.
  static String id(long n) {
    return "dec_0000%012d".formatted(n);
  }

  /// Adds entries until the producer has written `wanted`.
  ///
  /// @param connection in no transaction; left in none
  /// @param has how many it has written before
  static void grow(Connection connection, long has, long wanted) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement();
        var head =
            statement.executeQuery("SELECT log, size FROM ledger_log ORDER BY log FOR UPDATE")) {
      head.next();
      int log = head.getInt(1);
      var before = Frontier.of(new Stored(connection, log), head.getLong(2));
      new GrownLog(connection, log, before, has).run(wanted);
    }
    connection.commit();
    connection.setAutoCommit(true);
    try (var statement = connection.createStatement()) {
      statement.execute("VACUUM (ANALYZE) ledger_entry, ledger_node");
    }
  }

  /// The indexes are made afterwards: built from sorted rows they cost a fraction of keeping them
  /// while rows are added.
  private void run(long wanted) throws SQLException {
    execute("SET LOCAL maintenance_work_mem = '512MB'");
    execute("DROP INDEX ledger_entry_id, ledger_entry_of, ledger_entry_about");
    copy(wanted);
    execute(
        "CREATE INDEX ledger_entry_about ON ledger_entry (about, log, index)"
            + " WHERE about IS NOT NULL");
    execute("CREATE INDEX ledger_entry_id ON ledger_entry (id) WHERE id IS NOT NULL");
    execute("CREATE INDEX ledger_entry_of ON ledger_entry (of) WHERE of IS NOT NULL");
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void copy(long wanted) throws SQLException {
    var entries =
        new BinaryCopy(connection, "ledger_entry (log, index, id, of, about, type, leaf, bytes)");
    var edge = before;
    while (n < wanted) {
      edge = append(entries, edge, (int) Math.min(AT_ONCE, wanted - n));
    }
    entries.end();
    var nodes = new BinaryCopy(connection, "ledger_node (log, level, index, hash)");
    for (var tile : tiles) {
      nodes.row(log, (short) tile.level(), tile.index(), tile.hash().bytes());
    }
    nodes.end();
    try (var head =
        connection.prepareStatement("UPDATE ledger_log SET size = ?, root = ? WHERE log = ?")) {
      head.setLong(1, edge.size());
      head.setBytes(2, edge.root().bytes());
      head.setInt(3, log);
      head.executeUpdate();
    }
  }

  private Frontier append(BinaryCopy rows, Frontier edge, int count) throws SQLException {
    var leaves = new ArrayList<Hash>(count);
    for (int i = 0; i < count; i++) {
      n++;
      var entry = entry();
      var bytes = entry.by(PRODUCER, JsonNodeFactory.instance.objectNode()).numbered(n);
      var leaf = Hash.leaf(bytes);
      leaves.add(leaf);
      rows.row(
          log,
          edge.size() + i,
          entry.text("id").orElse(null),
          entry.text("of").orElse(null),
          entry.text("workflow").map(name -> "work/" + name).orElse(null),
          entry.type().word(),
          leaf.bytes(),
          bytes);
    }
    var batch = Batch.of(edge, leaves);
    tiles.addAll(batch.tileHashes());
    return batch.frontier();
  }

  private Entry entry() {
    if (n == 1) {
      return Entry.of(EntryType.BOOT, NOW).with("previousEpoch", 0).with("previousN", 0);
    }
    return n % 2 == 0
        ? Entry.of(EntryType.CALL_DECIDED, NOW)
            .with("id", id(n))
            .with("decision", "allow")
            .with("identity", "spiffe://remit.local/invoices/invoice-agent")
            .with("workflow", "invoices")
            .with("task", "task_01hzzzzzzzzzzzzzzzzzzzzzzz")
            .with("intent", "read-invoices")
            .with("because", List.of("invoices-may-read", "pilot-limits"))
        : Entry.of(EntryType.CALL_ENDED, NOW).with("of", id(n - 1)).with("outcome", "answered");
  }

  /// The hashes that the server has stored, each asked for alone: only the tree's edge is needed.
  private record Stored(Connection connection, int log) implements Nodes {
    private static final int TILE_LEVELS = 8;

    @Override
    public Hash complete(int level, long index) {
      int above = level % TILE_LEVELS;
      if (above > 0) {
        return Hash.node(complete(level - 1, 2 * index), complete(level - 1, 2 * index + 1));
      }
      var sql =
          level == 0
              ? "SELECT leaf FROM ledger_entry WHERE log = ? AND index = ? AND 0 = ?"
              : "SELECT hash FROM ledger_node WHERE log = ? AND index = ? AND level = ?";
      try (var one = connection.prepareStatement(sql)) {
        one.setInt(1, log);
        one.setLong(2, index);
        one.setInt(3, level / TILE_LEVELS);
        var row = one.executeQuery();
        row.next();
        return Hash.of(row.getBytes(1));
      } catch (SQLException e) {
        throw new IllegalStateException("read the tree's edge", e);
      }
    }
  }
}
