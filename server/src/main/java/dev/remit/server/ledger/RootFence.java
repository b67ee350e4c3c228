package dev.remit.server.ledger;

import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Who keeps the root log: the node that opened it last, as long as it says so in time.
///
/// Keeping is fenced like any log, by its epoch: a node that was away and comes back finds that it
/// cannot append. Whether the keeper is there is measured by the database's clock alone.
public final class RootFence {
  private final Database database;
  private final LedgerConfig config;
  private final String origin;
  private final KeyWrap kek;
  private final InstantSource clock;

  /// @param config how this node keeps its own log; the root log is kept the same way
  /// @param origin name of the root log, used when it is created
  public RootFence(
      Database database, LedgerConfig config, String origin, KeyWrap kek, InstantSource clock) {
    this.database = database;
    this.config = config;
    this.origin = origin;
    this.kek = kek;
    this.clock = clock;
  }

  /// Whether this node should keep the root log from now on: nobody does, or its keeper has left,
  /// or was not there for `silence`, or was this node in an earlier life.
  public boolean isFree(Duration silence) {
    return database
        .transact(tx ->
            tx.one(
                """
                SELECT kept_at IS NULL OR keeper = ?
                       OR kept_at < now() - ? * interval '1 millisecond' AS free
                  FROM ledger_log
                 WHERE kind = 'root'
                """,
                row -> row.flag("free"),
                config.node(),
                silence.toMillis()))
        .orElse(true);
  }

  /// Takes the root log over from whoever keeps it.
  public Ledger take() {
    return Ledger.open(database, config.forRoot(origin), kek, clock);
  }

  /// Says that the keeper is still there.
  ///
  /// @throws FencedException if another node has taken the root log over
  public void renew(Ledger root) {
    int renewed =
        database.transact(tx ->
            tx.update(
                "UPDATE ledger_log SET kept_at = now() WHERE log = ? AND epoch = ?",
                root.log(),
                root.epoch()));
    if (renewed == 0) {
      throw new FencedException(root.origin());
    }
  }

  /// Says that the keeper leaves, so that nobody has to wait.
  public void leave(Ledger root) {
    database.run(tx ->
        tx.update(
            "UPDATE ledger_log SET kept_at = NULL WHERE log = ? AND epoch = ?",
            root.log(),
            root.epoch()));
  }

  /// Returns the origin of every log that the root log has ever seen.
  public List<String> everSeen(Ledger root) {
    return database.transact(tx ->
        tx.all(
            """
            WITH RECURSIVE seen AS (
              (SELECT min(of) AS origin FROM ledger_entry WHERE log = ? AND type = 'log.seen')
              UNION ALL
              SELECT (SELECT min(e.of) FROM ledger_entry e
                       WHERE e.log = ? AND e.type = 'log.seen' AND e.of > seen.origin)
                FROM seen
               WHERE seen.origin IS NOT NULL)
            SELECT origin FROM seen WHERE origin IS NOT NULL
            """,
            row -> row.text("origin"),
            root.log(),
            root.log()));
  }

  /// Returns what the root log has seen last of the log `origin`.
  public Optional<RecordedEntry> lastSeen(Ledger root, String origin) {
    return new LedgerReader(database, root.log(), root.keys(), kek).lastSeen(origin);
  }

  /// Says that this process was still there when another one had taken its own log over.
  public void contest(Ledger own) {
    database.run(tx ->
        tx.update(
            """
            INSERT INTO ledger_contest (log, epoch, at) VALUES (?, ?, now())
            ON CONFLICT DO NOTHING
            """,
            own.log(),
            own.epoch()));
  }

  /// A log that two processes wanted to write.
  ///
  /// @param epoch of the one that had to stop
  public record Contest(String node, String origin, long epoch) {}

  /// Returns contests of which nobody was told yet.
  public List<Contest> contests() {
    return database.transact(tx ->
        tx.all(
            """
            SELECT l.node, l.origin, c.epoch
              FROM ledger_contest c
              JOIN ledger_log l ON l.log = c.log
             WHERE NOT c.told
             ORDER BY c.at
            """,
            row -> new Contest(row.text("node"), row.text("origin"), row.number("epoch"))));
  }

  /// Notes that somebody was told.
  public void told(Contest contest) {
    database.run(tx ->
        tx.update(
            """
            UPDATE ledger_contest AS c
               SET told = true
              FROM ledger_log AS l
             WHERE l.log = c.log AND l.origin = ? AND c.epoch = ?
            """,
            contest.origin(),
            contest.epoch()));
  }
}
