package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.store.Database;
import dev.remit.server.store.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Every log of the deployment: each node's own, and the root log over them.
///
/// What one node has recorded every other one can read and prove here, since all are rows of one
/// database. Sees what is durable; each call is one or more transactions of its own.
public final class NodeLogs {
  private static final String SELECT =
      "SELECT log, node, origin, epoch, size, root, note FROM ledger_log ";

  private final Database database;
  private final Ledger own;
  private final KeyWrap older;

  /// @param own the log of this node
  /// @param older opens bodies from before there were keys of subjects
  public NodeLogs(Database database, Ledger own, KeyWrap older) {
    this.database = database;
    this.own = own;
    this.older = older;
  }

  /// Returns all logs, the root log first and then the nodes by name.
  public List<StoredLog> all() {
    return database.transact(
        tx -> tx.all(SELECT + "ORDER BY kind = 'root' DESC, node", NodeLogs::stored));
  }

  /// Returns the log of `node`, or the root log.
  public Optional<StoredLog> find(String node) {
    return database.transact(tx -> tx.one(SELECT + "WHERE node = ?", NodeLogs::stored, node));
  }

  /// Returns the root log, once somebody keeps one.
  public Optional<StoredLog> root() {
    return find(LedgerConfig.ROOT);
  }

  /// Returns a reader of `log`.
  public LedgerReader reader(StoredLog log) {
    return new LedgerReader(database, log.log(), own.keys(), older);
  }

  /// Returns `log` for those who take a part of it away.
  public LedgerHistory history(StoredLog log) {
    return new LedgerHistory(database, reader(log), own.keys(), older);
  }

  /// Returns what the root log had seen last of each log in its first `size` entries, by origin.
  public SortedMap<String, RecordedEntry> seen(StoredLog root, long size) {
    return database.transact(tx -> {
      var seen = new TreeMap<String, RecordedEntry>();
      tx.each(
          """
          SELECT s.index, s.bytes
            FROM ledger_log l
           CROSS JOIN LATERAL (
                 SELECT e.index, e.bytes FROM ledger_entry e
                  WHERE e.log = ? AND e.type = 'log.seen' AND e.of = l.origin AND e.index < ?
                  ORDER BY e.index DESC LIMIT 1) AS s
          """,
          row -> {
            var entry = LedgerReader.recorded(row.number("index"), row.bytes("bytes"));
            seen.put(entry.of().orElse(""), entry);
          },
          root.log(),
          size);
      return seen;
    });
  }

  /// Returns a reader of the log in which something was recorded under `id`, this node's first.
  public Optional<LedgerReader> holding(String id) {
    return database
        .transact(tx ->
            tx.all(
                """
                SELECT DISTINCT log, log = ? AS own FROM ledger_entry WHERE id = ?
                 ORDER BY own DESC, log LIMIT 1
                """,
                row -> (int) row.number("log"),
                own.log(),
                id))
        .stream()
        .findFirst()
        .map(log -> new LedgerReader(database, log, own.keys(), older));
  }

  /// Returns the public keys of all logs, the root log's first.
  public LogKeys keys() {
    return keys(all());
  }

  /// Returns the public keys of all logs, those of `first` first.
  LogKeys keys(String first) {
    var sorted = new ArrayList<>(all());
    sorted.sort(Comparator.comparing(log -> !log.origin().equals(first)));
    return keys(sorted);
  }

  /// Keeps the newest checkpoint of `log`, so that evidence can be proved against it again.
  public void keep(StoredLog log) {
    database.run(tx ->
        tx.update(
            """
            INSERT INTO ledger_checkpoint (log, size, note) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
            """,
            log.log(),
            log.size(),
            log.note()));
  }

  private LogKeys keys(List<StoredLog> logs) {
    return new LogKeys(
        logs.stream()
            .flatMap(log -> new ServedFiles(database, log.log()).keys().keys().stream())
            .toList());
  }

  private static StoredLog stored(Row row) {
    return new StoredLog(
        (int) row.number("log"),
        row.text("node"),
        row.text("origin"),
        row.number("epoch"),
        row.number("size"),
        Hash.of(row.bytes("root")),
        row.text("note"));
  }
}
