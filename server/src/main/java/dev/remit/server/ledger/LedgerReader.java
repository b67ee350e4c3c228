package dev.remit.server.ledger;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.Proofs;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.server.store.Database;
import dev.remit.server.store.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One log, by default that of this node, for reading: entries, bodies, receipts.
///
/// Sees what is durable. Each call is one transaction of its own.
public final class LedgerReader {
  private static final int PAGE_MAX = 1000;
  private static final int NEWEST_MAX = 2000;

  /// Longest body that is read together with many others; longer ones are read one by one.
  private static final int AT_ONCE_MAX = 16 * 1024;

  private final Database database;
  private final int log;
  private final SubjectKeys keys;
  private final KeyWrap older;

  /// @param older opens bodies from before there were keys of subjects
  public LedgerReader(Database database, Ledger ledger, KeyWrap older) {
    this(database, ledger.log(), ledger.keys(), older);
  }

  /// Reads any log of the database.
  LedgerReader(Database database, int log, SubjectKeys keys, KeyWrap older) {
    this.database = database;
    this.log = log;
    this.keys = keys;
    this.older = older;
  }

  int log() {
    return log;
  }

  /// Returns the first entry that was recorded under `id`.
  public Optional<RecordedEntry> entry(String id) {
    return entries(
            """
            SELECT index, bytes
              FROM ledger_entry
             WHERE id = ? AND log = ?
             ORDER BY index
             LIMIT 1
            """,
            id,
            log)
        .stream()
        .findFirst();
  }

  public Optional<RecordedEntry> at(long index) {
    return page(index, 1).stream().findFirst().filter(entry -> entry.index() == index);
  }

  /// How many entries there are.
  public long size() {
    return database.transact(tx ->
        tx.one("SELECT size FROM ledger_log WHERE log = ?", row -> row.number("size"), log)
            .orElseThrow());
  }

  /// Returns the newest entry of one of `types`, such as the last decision.
  public Optional<RecordedEntry> last(EntryType... types) {
    return entries(
            """
            SELECT index, bytes
              FROM ledger_entry
             WHERE log = ? AND type = ANY (?::text[])
             ORDER BY index DESC
             LIMIT 1
            """,
            log,
            Arrays.stream(types).map(EntryType::word).toList())
        .stream()
        .findFirst();
  }

  /// Returns what the root log, which this is, has seen last of the log `origin`.
  public Optional<RecordedEntry> lastSeen(String origin) {
    return entries(
            """
            SELECT index, bytes
              FROM ledger_entry
             WHERE log = ? AND type = 'log.seen' AND of = ?
             ORDER BY index DESC
             LIMIT 1
            """,
            log,
            origin)
        .stream()
        .findFirst();
  }

  /// Returns what was recorded about the entry `id` later, in order: of a decision its outcome, of
  /// a hold its approval.
  public List<RecordedEntry> of(String id) {
    return entries(
        """
        SELECT index, bytes
          FROM ledger_entry
         WHERE of = ? AND log = ?
         ORDER BY index
        """,
        id,
        log);
  }

  /// Returns the entry `id` and what was recorded about it later, in the logs of all nodes; within
  /// each log in order.
  public List<RecordedEntry> everywhere(String id) {
    return entries(
        """
        SELECT index, bytes
          FROM ledger_entry
         WHERE id = ? OR of = ?
         ORDER BY log, index
        """,
        id,
        id);
  }

  /// Returns entries in order.
  ///
  /// @param from index of the first
  /// @param limit most of them, 1,000 at most
  public List<RecordedEntry> page(long from, int limit) {
    return entries(
        """
        SELECT index, bytes
          FROM ledger_entry
         WHERE log = ? AND index >= ?
         ORDER BY index
         LIMIT ?
        """,
        log,
        from,
        Math.clamp(limit, 1, PAGE_MAX));
  }

  /// Hands over, in order, every entry from the first that was recorded under `id` or a later one;
  /// ids that begin with the same prefix sort by time.
  public void since(String id, Consumer<RecordedEntry> each) {
    // OFFSET 0 keeps the planner from walking the whole log, in order, for the first that matches:
    // what is asked for stands at its end.
    var first =
        database
            .transact(tx ->
                tx.one(
                    """
                    SELECT min(index) AS first
                      FROM (SELECT index
                              FROM ledger_entry
                             WHERE id >= ? COLLATE "C" AND id LIKE ? AND log = ?
                            OFFSET 0) AS later
                    """,
                    row -> row.maybeNumber("first"),
                    id,
                    id.substring(0, id.indexOf('_') + 1).replace("_", "\\_") + "%",
                    log))
            .orElseThrow();
    if (first.isEmpty()) {
      return;
    }
    long next = first.get();
    for (var page = page(next, PAGE_MAX); !page.isEmpty(); page = page(next, PAGE_MAX)) {
      page.forEach(each);
      next = page.getLast().index() + 1;
    }
  }

  /// Returns what was recorded of `task` itself, in order, at most `limit`.
  ///
  /// Looks from the first decision on that was made after the task had started: no entry can be
  /// asked for by its task, since an index for that would cost every call.
  public List<RecordedEntry> ofTask(TaskId task, int limit) {
    var value = task.value();
    var earliest = "dec_" + value.substring(5, 15) + "0".repeat(16);
    return entries(
        """
        SELECT index, bytes
          FROM ledger_entry
         WHERE log = ?
           AND index >= (SELECT min(index)
                           FROM (SELECT index FROM ledger_entry
                                  WHERE id >= ? COLLATE "C" AND id LIKE 'dec\\_%' AND log = ?
                                 OFFSET 0) AS later)
           AND position(?::bytea IN bytes) > 0
         ORDER BY index
         LIMIT ?
        """,
        log, earliest, log, ("\"task\":\"" + value + "\"").getBytes(StandardCharsets.UTF_8), limit);
  }

  /// Returns a body of an entry, decrypted and compared with the entry's commitment.
  ///
  /// @return empty when the entry has none of that name, or it was erased
  /// @throws IllegalStateException if what is stored is not what was recorded
  public Optional<byte[]> body(RecordedEntry entry, String name) {
    var recorded = entry.content().path("bodies").path(name).path("commitment");
    if (!recorded.isString()) {
      return Optional.empty();
    }
    var commitment = new Digest(recorded.stringValue());
    return stored(entry.index(), name).map(body -> open(name, body, commitment));
  }

  private Optional<StoredBody> stored(long index, String name) {
    return database
        .transact(tx ->
            tx.one(
                "SELECT b.ciphertext,"
                    + StoredBody.COLUMNS
                    + "FROM ledger_body b"
                    + StoredBody.KEY
                    + "WHERE b.log = ? AND b.index = ? AND b.name = ?",
                StoredBody::of,
                log,
                index,
                name))
        .flatMap(body -> body);
  }

  /// Opens a body that was read before.
  byte[] open(String name, StoredBody body, Digest commitment) {
    return body.open(name, commitment, keys, older);
  }

  /// Returns the newest entries of `type` below `before`, the newest first, each with its body
  /// `name`; nothing is decrypted yet.
  ///
  /// @param before an index; [Long#MAX_VALUE] for the newest of all
  /// @param limit most of them, 2,000 at most
  public List<WithBody> newest(EntryType type, String name, long before, int limit) {
    return database.transact(tx ->
        tx.all(
            "SELECT e.index, e.bytes,"
                + " CASE WHEN octet_length(b.ciphertext) <= ? THEN b.ciphertext END AS ciphertext,"
                + StoredBody.COLUMNS
                + """
                FROM ledger_entry e
                LEFT JOIN ledger_body b ON b.log = e.log AND b.index = e.index AND b.name = ?
                """
                + StoredBody.KEY
                + """
                WHERE e.log = ? AND e.index < ? AND e.type = ?
                ORDER BY e.index DESC
                LIMIT ?
                """,
            row ->
                new WithBody(
                    row.number("index"), row.bytes("bytes"), name, StoredBody.of(row), this),
            AT_ONCE_MAX,
            name,
            log,
            before,
            type.word(),
            Math.clamp(limit, 1, NEWEST_MAX)));
  }

  /// Returns a receipt for the entry `id` against the newest checkpoint.
  public Optional<Receipt> receipt(String id) {
    return entry(id).map(entry -> receipt(entry.index()));
  }

  /// Returns a receipt for the entry at `index` against the newest checkpoint.
  ///
  /// @param index less than [#size]
  public Receipt receipt(long index) {
    return database.transact(tx -> {
      var note =
          tx.one("SELECT note FROM ledger_log WHERE log = ?", row -> row.text("note"), log)
              .map(SignedNote::parse)
              .orElseThrow();
      var nodes = new StoredNodes(tx, log);
      long size = Checkpoint.parse(note.text()).size();
      var path = Proofs.inclusion(nodes, index, size);
      return new Receipt(index, nodes.complete(0, index), path, note);
    });
  }

  /// Returns the log's public keys, oldest first.
  public List<NoteKey> keys() {
    return logKeys().noteKeys();
  }

  /// Returns the log's public keys with the sizes that each signs for, oldest first.
  public LogKeys logKeys() {
    return files().keys();
  }

  /// Returns the log as the files that it is served as.
  ServedFiles files() {
    return new ServedFiles(database, log);
  }

  private List<RecordedEntry> entries(String sql, Object... args) {
    return database.transact(tx -> tx.all(sql, LedgerReader::recorded, args));
  }

  private static RecordedEntry recorded(Row row) {
    return recorded(row.number("index"), row.bytes("bytes"));
  }

  static RecordedEntry recorded(long index, byte[] bytes) {
    try {
      return RecordedEntry.parse(index, bytes);
    } catch (IllegalArgumentException e) {
      throw new LedgerDamagedException("the stored entry " + index + " " + e.getMessage());
    }
  }
}
