package dev.remit.server.ledger;

import dev.remit.kernel.ledger.LedgerFiles;
import dev.remit.kernel.ledger.LogKey;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.kernel.ledger.Tile;
import dev.remit.server.store.Database;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A stored log in the layout of C2SP tlog-tiles.
///
/// Serves what the rows say, without judging: a changed or missing row is for the verifier to find.
/// A bundle or tile of which not all is stored is not there.
final class ServedFiles implements LedgerFiles {
  private final Database database;
  private final int log;

  ServedFiles(Database database, int log) {
    this.database = database;
    this.log = log;
  }

  @Override
  public Optional<byte[]> read(String path) {
    return switch (path) {
      case "checkpoint" -> checkpoint().map(note -> note.getBytes(StandardCharsets.UTF_8));
      case "keys" -> Optional.of(keys().text().getBytes(StandardCharsets.UTF_8));
      case "checkpoints" -> Optional.of(checkpoints(0).getBytes(StandardCharsets.UTF_8));
      case "timestamps" -> Optional.of(timestamps(0).getBytes(StandardCharsets.UTF_8));
      default -> tile(Tile.parse(path));
    };
  }

  /// Returns the newest checkpoint, as the log alone has signed it.
  SignedNote unwitnessed() {
    return database
        .transact(
            tx -> tx.one("SELECT note FROM ledger_log WHERE log = ?", row -> row.text("note"), log))
        .map(SignedNote::parse)
        .orElseThrow();
  }

  /// Returns the newest checkpoint, with what witnesses have said about it.
  Optional<String> checkpoint() {
    return database.transact(tx ->
        tx.one(
            """
            SELECT l.note || coalesce(
                     (SELECT string_agg(c.line || chr(10), '' ORDER BY c.witness)
                        FROM ledger_cosignature c
                       WHERE c.log = l.log AND c.size = l.size), '') AS note
              FROM ledger_log l
             WHERE l.log = ?
            """,
            row -> row.text("note"),
            log));
  }

  /// Returns the log's public keys with the sizes that each signs for, oldest first.
  LogKeys keys() {
    return new LogKeys(
        database.transact(tx ->
            tx.all(
                """
                SELECT vkey, first_size,
                       lead(first_size) OVER (ORDER BY first_size) - 1 AS last_size
                  FROM ledger_key
                 WHERE log = ?
                 ORDER BY first_size
                """,
                ServedFiles::key,
                log)));
  }

  private static LogKey key(Row row) {
    var key = NoteKey.parse(row.text("vkey"));
    return row.maybeNumber("last_size")
        .map(last -> new LogKey(key, row.number("first_size"), last))
        .orElseGet(() -> LogKey.from(key, row.number("first_size")));
  }

  /// Returns the older checkpoints of more than `after` entries, a line of base64 each.
  String checkpoints(long after) {
    return database
        .transact(tx ->
            tx.all(
                """
                SELECT k.note || coalesce(string_agg(c.line || chr(10), '' ORDER BY c.witness), '')
                         AS note
                  FROM ledger_checkpoint k
                  LEFT JOIN ledger_cosignature c ON c.log = k.log AND c.size = k.size
                 WHERE k.log = ? AND k.size > ?
                 GROUP BY k.size, k.note
                 ORDER BY k.size
                """,
                row -> row.text("note"),
                log,
                after))
        .stream()
        .map(note -> Base64.getEncoder().encodeToString(note.getBytes(StandardCharsets.UTF_8)))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /// Returns what an authority said of checkpoints of more than `after` entries, a line each: the
  /// note as the log alone has signed it and the answer, both in base64.
  String timestamps(long after) {
    var base64 = Base64.getEncoder();
    return database
        .transact(tx ->
            tx.all(
                """
                SELECT k.note, t.reply
                  FROM ledger_timestamp t
                  JOIN ledger_checkpoint k ON k.log = t.log AND k.size = t.size
                 WHERE t.log = ? AND t.size > ?
                 ORDER BY t.size
                """,
                row ->
                    base64.encodeToString(row.text("note").getBytes(StandardCharsets.UTF_8))
                        + " "
                        + base64.encodeToString(row.bytes("reply"))
                        + "\n",
                log,
                after))
        .stream()
        .collect(Collectors.joining());
  }

  Optional<byte[]> tile(Tile tile) {
    return database.transact(
        tx -> tile.level() == Tile.ENTRIES ? bundle(tx, tile) : hashes(tx, tile));
  }

  private Optional<byte[]> hashes(Tx tx, Tile tile) {
    var hashes = new StoredNodes(tx, log).hashes(tile.level(), tile.number(), tile.width());
    var out = new ByteArrayOutputStream(hashes.size() * 32);
    hashes.forEach(hash -> out.writeBytes(hash.bytes()));
    return hashes.size() == tile.width() ? Optional.of(out.toByteArray()) : Optional.empty();
  }

  private Optional<byte[]> bundle(Tx tx, Tile tile) {
    List<byte[]> entries =
        tx.all(
            """
            SELECT bytes
              FROM ledger_entry
             WHERE log = ? AND index >= ? AND index < ?
             ORDER BY index
            """,
            row -> row.bytes("bytes"),
            log,
            tile.first(),
            tile.first() + tile.width());
    var out = new ByteArrayOutputStream(entries.size() * 1024);
    for (var entry : entries) {
      out.write(entry.length >> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return entries.isEmpty() ? Optional.empty() : Optional.of(out.toByteArray());
  }
}
