package dev.remit.server.ledger;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Nodes;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.server.store.Database;
import dev.remit.server.store.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The log of this node, for those who take a part of it away: by period, with what proves it.
///
/// Sees what is durable. Each call is one or more transactions of its own.
public final class LedgerHistory {
  private static final int PAGE = 1_000;
  private static final int SALT_LENGTH = 32;

  private final Database database;
  private final LedgerReader reader;
  private final KeyWrap kek;
  private final int log;

  public LedgerHistory(Database database, Ledger ledger, LedgerReader reader, KeyWrap kek) {
    this.database = database;
    this.reader = reader;
    this.kek = kek;
    this.log = ledger.log();
  }

  /// Hands over every entry from the index `from` to before `to`, in order.
  public void scan(long from, long to, Consumer<RecordedEntry> each) {
    long next = from;
    while (next < to) {
      var page = reader.page(next, (int) Math.min(PAGE, to - next));
      if (page.isEmpty()) {
        return;
      }
      page.forEach(each);
      next = page.getLast().index() + 1;
    }
  }

  /// Returns what was declared, reviewed and activated before the index `end`, in order.
  public List<RecordedEntry> governance(long end) {
    return database.transact(tx ->
        tx.all(
            """
            SELECT index, bytes
              FROM ledger_entry
             WHERE log = ? AND index < ?
               AND type IN ('registry.changed', 'policy.activated', 'policy.gated',
                            'definition.pinned')
             ORDER BY index
            """,
            LedgerHistory::recorded,
            log,
            end));
  }

  /// Returns the index of the first entry at `at` or later, within the first `size`; right to
  /// within the time that a request takes, since an entry says when its request came.
  public long firstAt(Instant at, long size) {
    long low = 0;
    long high = size;
    while (low < high) {
      long middle = (low + high) >>> 1;
      boolean earlier = reader.at(middle).filter(entry -> entry.at().isBefore(at)).isPresent();
      low = earlier ? middle + 1 : low;
      high = earlier ? high : middle;
    }
    return low;
  }

  /// Returns the newest signed checkpoint.
  public SignedNote checkpoint() {
    return reader.files().checkpoint().map(SignedNote::parse).orElseThrow();
  }

  /// Returns the signed checkpoint of exactly `size` entries, if it was kept.
  public Optional<SignedNote> checkpoint(long size) {
    return database.transact(tx ->
        tx.one(
            """
            SELECT note FROM ledger_checkpoint WHERE log = ? AND size = ?
            UNION
            SELECT note FROM ledger_log WHERE log = ? AND size = ?
            LIMIT 1
            """,
            row -> SignedNote.parse(row.text("note")),
            log,
            size,
            log,
            size));
  }

  public List<NoteKey> keys() {
    return reader.keys();
  }

  /// Lets `work` walk the tree, at one moment.
  public <T> T tree(Function<Nodes, T> work) {
    return database.transact(tx -> work.apply(new StoredNodes(tx, log)));
  }

  /// A body with the salt that its commitment was made with.
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Salted(byte[] salt, byte[] value) {}

  /// Returns a body of an entry; empty if it was erased.
  ///
  /// @throws IllegalStateException if what is stored is not what was recorded
  public Optional<Salted> body(RecordedEntry entry, String name) {
    var commitment =
        new Digest(entry.content().path("bodies").path(name).path("commitment").asString(""));
    return database.transact(tx ->
        tx.one(
            """
            SELECT ciphertext, wrapped
              FROM ledger_body
             WHERE log = ? AND index = ? AND name = ? AND wrapped IS NOT NULL
            """,
            row ->
                salted(
                    SealedBody.openSalted(
                        name, row.bytes("ciphertext"), row.bytes("wrapped"), commitment, kek)),
            log,
            entry.index(),
            name));
  }

  /// Whether a body's key was destroyed.
  public boolean isErased(RecordedEntry entry, String name) {
    return database
        .transact(tx ->
            tx.one(
                """
                SELECT 1 AS there
                  FROM ledger_body
                 WHERE log = ? AND index = ? AND name = ? AND wrapped IS NOT NULL
                """,
                row -> row.number("there"),
                log,
                entry.index(),
                name))
        .isEmpty();
  }

  private static Salted salted(byte[] bytes) {
    return new Salted(
        Arrays.copyOf(bytes, SALT_LENGTH), Arrays.copyOfRange(bytes, SALT_LENGTH, bytes.length));
  }

  private static RecordedEntry recorded(Row row) {
    return LedgerReader.recorded(row.number("index"), row.bytes("bytes"));
  }
}
