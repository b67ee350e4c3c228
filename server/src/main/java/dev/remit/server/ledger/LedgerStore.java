package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Optional;

/// Logs at rest, the writing half: tables `ledger_log`, `ledger_key`, `ledger_entry`,
/// `ledger_node`, `ledger_checkpoint`, `ledger_kek` and `ledger_body`.
final class LedgerStore {

  /// A signing key as stored.
  @SuppressWarnings("ArrayRecordComponent") // Read once at start.
  record StoredKey(NoteKey key, byte[] wrapped) {}

  /// Creates the node's log if it has none yet, and takes hold of its head until the transaction
  /// ends: whoever else appends or starts waits.
  ///
  /// @throws LogNameTakenException if another node's log has the name
  /// @throws LedgerDamagedException if there are entries of a log that has no head any more: a new
  ///   one of the same name would tell a second story
  Head hold(Tx tx, LedgerConfig config) {
    refuseNameOfAnother(tx, config);
    refuseHeadless(tx);
    tx.update(
        """
        INSERT INTO ledger_log (node, origin, kind, epoch, last_n, size, root, note)
        VALUES (?, ?, ?, 0, 0, 0, ?, '')
        ON CONFLICT (node) DO NOTHING
        """,
        config.node(),
        config.origin(),
        config.keeper().isPresent() ? "root" : "node",
        Hash.EMPTY.bytes());
    return tx.one(
            """
            SELECT log, origin, epoch, last_n, size, root, note
              FROM ledger_log
             WHERE node = ?
               FOR UPDATE
            """,
            LedgerStore::head,
            config.node())
        .orElseThrow();
  }

  private static void refuseNameOfAnother(Tx tx, LedgerConfig config) {
    tx.one(
            "SELECT node FROM ledger_log WHERE origin = ? AND node <> ?",
            row -> row.text("node"),
            config.origin(),
            config.node())
        .ifPresent(node -> {
          throw new LogNameTakenException(config.origin(), node);
        });
  }

  private static void refuseHeadless(Tx tx) {
    tx.one(
            """
            SELECT newest.log
              FROM (SELECT max(log) AS log FROM ledger_entry) AS newest
             WHERE newest.log IS NOT NULL
               AND newest.log NOT IN (SELECT log FROM ledger_log)
            """,
            row -> row.number("log"))
        .ifPresent(log -> {
          throw new LedgerDamagedException(
              "there are entries of log "
                  + log
                  + ", and its head in `ledger_log` is gone; restore the database as a whole");
        });
  }

  Head hold(Tx tx, int log) {
    return tx.one(
            """
            SELECT log, origin, epoch, last_n, size, root, note
              FROM ledger_log
             WHERE log = ?
               FOR UPDATE
            """,
            LedgerStore::head,
            log)
        .orElseThrow(() -> new IllegalStateException("the head of log " + log + " is gone"));
  }

  /// Raises the fence: from here on only `epoch` may append.
  ///
  /// @param keeper of the root log: the node that takes it
  void take(Tx tx, int log, long epoch, Optional<String> keeper) {
    tx.update(
        """
        UPDATE ledger_log
           SET epoch = ?, last_n = 0, keeper = ?,
               kept_at = CASE WHEN kind = 'root' THEN now() END
         WHERE log = ?
        """,
        epoch,
        keeper.orElse(null),
        log);
  }

  /// Takes the next `count` numbers of governance changes, of all logs, until the transaction ends.
  ///
  /// @return the first of them
  long takeChanges(Tx tx, int count) {
    long last =
        tx.one(
                "UPDATE ledger_change SET last = last + ? RETURNING last",
                row -> row.number("last"),
                count)
            .orElseThrow(() ->
                new LedgerDamagedException(
                    "the row of `ledger_change` is gone; restore the database as a whole"));
    return last - count + 1;
  }

  /// Writes a batch and moves the head, if it is still where `epoch` left it. One statement, since
  /// every caller of the batch waits for each round trip to the database.
  ///
  /// @return false, with nothing written, if it is not
  boolean append(Tx tx, int log, long epoch, Attempt attempt) {
    var columns = new EntryColumns(attempt);
    var bodies = BodyColumns.of(attempt);
    var keys = KeyColumns.of(attempt);
    var checkpoint = Checkpoint.parse(attempt.note().text());
    boolean moved =
        tx.one(
                """
                WITH head AS (
                  UPDATE ledger_log
                     SET size = ?, root = ?, note = ?, last_n = ?
                   WHERE log = ? AND epoch = ? AND size = ?
                  RETURNING log),
                entries AS (
                  INSERT INTO ledger_entry (log, index, id, of, about, type, leaf, bytes)
                  SELECT head.log, ? + e.k - 1, e.id, e.of, e.about, e.type, e.leaf, e.bytes
                    FROM head,
                         unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[],
                                ?::bytea[])
                           WITH ORDINALITY AS e (id, of, about, type, leaf, bytes, k)),
                keks AS (
                  INSERT INTO ledger_kek (name, task, workflow, person, until, wrapped)
                  SELECT k.name, NULLIF(k.task, ''), NULLIF(k.workflow, ''),
                         NULLIF(k.person, ''), to_timestamp(k.until), k.wrapped
                    FROM head,
                         unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                                ?::bytea[])
                           AS k (name, task, workflow, person, until, wrapped)
                  ON CONFLICT (name) DO NOTHING),
                bodies AS (
                  INSERT INTO ledger_body (log, index, name, ciphertext, kek, wrapped)
                  SELECT head.log, b.index, b.name, b.ciphertext, b.kek, b.wrapped
                    FROM head,
                         unnest(?::bigint[], ?::text[], ?::bytea[], ?::text[], ?::bytea[])
                           AS b (index, name, ciphertext, kek, wrapped))
                SELECT count(*) AS moved FROM head
                """,
                row -> row.number("moved"),
                checkpoint.size(),
                checkpoint.root().bytes(),
                attempt.note().toString(),
                attempt.lastN(),
                log,
                epoch,
                attempt.tree().before(),
                attempt.tree().before(),
                columns.ids(),
                columns.ofs(),
                columns.abouts(),
                columns.types(),
                columns.leaves(),
                columns.bytes(),
                keys.names(),
                keys.tasks(),
                keys.workflows(),
                keys.people(),
                keys.untilSeconds(),
                keys.wrapped(),
                bodies.indexes(),
                bodies.names(),
                bodies.ciphertexts(),
                bodies.keks(),
                bodies.wrapped())
            .orElseThrow()
            .equals(1L);
    if (moved) {
      appendNodes(tx, log, attempt);
      appendCheckpoint(tx, log, attempt, checkpoint);
    }
    return moved;
  }

  Optional<StoredKey> currentKey(Tx tx, int log) {
    return tx
        .all(
            "SELECT vkey, wrapped FROM ledger_key WHERE log = ? ORDER BY first_size DESC LIMIT 1",
            row -> new StoredKey(NoteKey.parse(row.text("vkey")), row.bytes("wrapped")),
            log)
        .stream()
        .findFirst();
  }

  /// @param firstSize smallest size that it signs for
  void insertKey(Tx tx, int log, Signer.Fresh fresh, long firstSize, Instant now) {
    tx.update(
        """
        INSERT INTO ledger_key (log, first_size, vkey, wrapped, created_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        log,
        firstSize,
        fresh.key().toString(),
        fresh.wrapped(),
        now);
  }

  private static void appendNodes(Tx tx, int log, Attempt attempt) {
    var hashes = attempt.tree().tileHashes();
    if (hashes.isEmpty()) {
      return;
    }
    tx.update(
        """
        INSERT INTO ledger_node (log, level, index, hash)
        SELECT ?, n.level, n.index, n.hash
          FROM unnest(?::bigint[], ?::bigint[], ?::bytea[]) AS n (level, index, hash)
        """,
        log,
        hashes.stream().mapToLong(hash -> hash.level()).toArray(),
        hashes.stream().mapToLong(hash -> hash.index()).toArray(),
        hashes.stream().map(hash -> hash.hash().bytes()).toArray(byte[][]::new));
  }

  private static void appendCheckpoint(Tx tx, int log, Attempt attempt, Checkpoint checkpoint) {
    if (attempt.keepCheckpoint()) {
      tx.update(
          "INSERT INTO ledger_checkpoint (log, size, note) VALUES (?, ?, ?)",
          log,
          checkpoint.size(),
          attempt.note().toString());
    }
  }

  static Head head(Row row) {
    return new Head(
        (int) row.number("log"),
        row.text("origin"),
        row.number("epoch"),
        row.number("last_n"),
        row.number("size"),
        Hash.of(row.bytes("root")),
        row.text("note"));
  }
}
