package dev.remit.server.ledger;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.Nodes;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.kernel.ledger.SubsetProof;
import dev.remit.server.store.Database;
import dev.remit.server.store.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// One log, by default that of this node, for those who take a part of it away: by period, with
/// what proves it.
///
/// Sees what is durable. Each call is one or more transactions of its own.
public final class LedgerHistory {
  private static final int PAGE = 1_000;

  /// Fewer at once when bodies come with them, each up to 16 MiB.
  private static final int PAGE_OPENED = 8;

  private static final int SALT_LENGTH = 32;

  private final Database database;
  private final LedgerReader reader;
  private final SubjectKeys keys;
  private final KeyWrap older;
  private final int log;

  /// @param older opens bodies from before there were keys of subjects
  public LedgerHistory(Database database, Ledger ledger, LedgerReader reader, KeyWrap older) {
    this(database, reader, ledger.keys(), older);
  }

  /// Of any log, the one that `reader` reads.
  LedgerHistory(Database database, LedgerReader reader, SubjectKeys keys, KeyWrap older) {
    this.database = database;
    this.reader = reader;
    this.keys = keys;
    this.older = older;
    this.log = reader.log();
  }

  /// Returns every entry from the index `from` to before `to`, read a page at a time.
  public Iterator<RecordedEntry> iterator(long from, long to) {
    return Stream.iterate(
            page(from, to), page -> !page.isEmpty(), page -> page(page.getLast().index() + 1, to))
        .flatMap(List::stream)
        .iterator();
  }

  private List<RecordedEntry> page(long from, long to) {
    return from < to ? reader.page(from, (int) Math.min(PAGE, to - from)) : List.of();
  }

  /// Returns how many entries it has.
  public long size() {
    return Checkpoint.parse(checkpoint().text()).size();
  }

  /// Returns the subset proof of the entries at `places`, in the tree of `size`.
  public List<Hash> proof(long size, List<RecordedEntry> entries) {
    var places = entries.stream().mapToLong(RecordedEntry::index).toArray();
    return tree(nodes -> SubsetProof.of(nodes, size, places));
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

  /// Returns the index from which on entries are found by what they are about.
  public long aboutFrom() {
    return database.transact(tx ->
        tx.one(
                "SELECT about_from FROM ledger_log WHERE log = ?",
                row -> row.number("about_from"),
                log)
            .orElseThrow());
  }

  /// Returns what is about one of `words`, see [About], from the index `from` to before `to`.
  public List<RecordedEntry> about(Collection<String> words, long from, long to) {
    return entries(
        """
        SELECT index, bytes
          FROM ledger_entry
         WHERE about = ANY (?::text[]) AND log = ? AND index >= ? AND index < ?
        """,
        List.copyOf(words),
        log,
        from,
        to);
  }

  /// Returns how many are about `word`, but no more than `enough`.
  public long count(String word, long from, long to, long enough) {
    return database
        .transact(tx ->
            tx.one(
                """
                SELECT count(*) AS found
                  FROM (SELECT 1
                          FROM ledger_entry
                         WHERE about = ? AND log = ? AND index >= ? AND index < ?
                         LIMIT ?) AS those
                """,
                row -> row.number("found"),
                word,
                log,
                from,
                to,
                enough))
        .orElseThrow();
  }

  /// Returns what continues an entry of one of `ids`: a decision's outcome, a hold's approval.
  public List<RecordedEntry> continuing(Collection<String> ids, long from, long to) {
    return entries(
        """
        SELECT index, bytes
          FROM ledger_entry
         WHERE of = ANY (?::text[]) AND log = ? AND index >= ? AND index < ?
        """,
        List.copyOf(ids),
        log,
        from,
        to);
  }

  /// Returns what is part of every workflow's story whatever it names, by the index
  /// `ledger_entry_common`.
  public List<RecordedEntry> common(long from, long to) {
    return entries(
        """
        SELECT index, bytes
          FROM ledger_entry
         WHERE log = ? AND index >= ? AND index < ?
           AND type IN ('policy.activated', 'policy.gated', 'boot', 'seal', 'apply.requested',
                        'apply.settled', 'owner.succeeded', 'enforcement.requested',
                        'enforcement.settled', 'enforcement.changed', 'finding.raised',
                        'finding.closed', 'credential.swept', 'credential.quarantined',
                        'evaluation.planned', 'evaluation.judged', 'drift.noticed',
                        'drill.finished')
        """,
        log,
        from,
        to);
  }

  /// Returns which policies were activated and tried before the index `end`, by the same index.
  public List<RecordedEntry> policies(long from, long end) {
    return entries(
        """
        SELECT index, bytes
          FROM ledger_entry
         WHERE log = ? AND index >= ? AND index < ?
           AND type IN ('policy.activated', 'policy.gated')
        """,
        log,
        from,
        end);
  }

  private List<RecordedEntry> entries(String sql, Object... args) {
    return database.transact(tx -> tx.all(sql, LedgerHistory::recorded, args));
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

  /// Returns the newest checkpoint, as the log alone has signed it.
  public SignedNote checkpoint() {
    return reader.files().unwitnessed();
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

  /// Returns what an authority said of the checkpoint of exactly `size` entries, if it was asked.
  public Optional<byte[]> timestamp(long size) {
    return database.transact(tx ->
        tx.one(
            "SELECT reply FROM ledger_timestamp WHERE log = ? AND size = ?",
            row -> row.bytes("reply"),
            log,
            size));
  }

  public LogKeys keys() {
    return reader.logKeys();
  }

  /// Lets `work` walk the tree, at one moment.
  public <T> T tree(Function<Nodes, T> work) {
    return database.transact(tx -> work.apply(new StoredNodes(tx, log)));
  }

  /// What there is of a body that an entry commits to.
  public sealed interface Kept {

    /// It is there, and was not opened.
    record Closed() implements Kept {}

    /// It is there, as it was, with the salt that its commitment was made with.
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Salted(byte[] salt, byte[] value) implements Kept {}

    /// Its key was destroyed.
    record Erased() implements Kept {}

    /// Its row is gone, which nothing but damage explains.
    record Missing() implements Kept {}
  }

  /// One body of one entry.
  public record BodyOf(RecordedEntry entry, String name, Kept kept) {}

  /// Hands over what there is of every body of `entries`, in their order.
  ///
  /// @param opened whether to decrypt them
  /// @throws IllegalStateException if what is stored is not what was recorded
  public void bodies(List<RecordedEntry> entries, boolean opened, Consumer<BodyOf> each) {
    int page = opened ? PAGE_OPENED : PAGE;
    for (int from = 0; from < entries.size(); from += page) {
      var some = entries.subList(from, Math.min(entries.size(), from + page));
      var rows = rows(some, opened);
      for (var entry : some) {
        for (var name : entry.content().path("bodies").propertyNames()) {
          each.accept(new BodyOf(entry, name, kept(entry, name, rows, opened)));
        }
      }
    }
  }

  /// The rows there are; of an erased body an empty one.
  private Map<Place, Optional<StoredBody>> rows(List<RecordedEntry> entries, boolean opened) {
    var found = new HashMap<Place, Optional<StoredBody>>();
    database
        .transact(tx ->
            tx.all(
                "SELECT b.index, b.name, CASE WHEN ? THEN b.ciphertext END AS ciphertext,"
                    + StoredBody.COLUMNS
                    + "FROM ledger_body b"
                    + StoredBody.KEY
                    + "WHERE b.log = ? AND b.index = ANY (?::bigint[])",
                row ->
                    Map.entry(new Place(row.number("index"), row.text("name")), StoredBody.of(row)),
                opened,
                log,
                entries.stream().mapToLong(RecordedEntry::index).toArray()))
        .forEach(row -> found.put(row.getKey(), row.getValue()));
    return found;
  }

  private record Place(long index, String name) {}

  private Kept kept(
      RecordedEntry entry, String name, Map<Place, Optional<StoredBody>> rows, boolean opened) {
    var row = rows.get(new Place(entry.index(), name));
    if (row == null) {
      return new Kept.Missing();
    }
    if (row.isEmpty()) {
      return new Kept.Erased();
    }
    if (!opened) {
      return new Kept.Closed();
    }
    var commitment =
        new Digest(entry.content().path("bodies").path(name).path("commitment").asString(""));
    return salted(row.get().openSalted(name, commitment, keys, older));
  }

  private static Kept salted(byte[] bytes) {
    return new Kept.Salted(
        Arrays.copyOf(bytes, SALT_LENGTH), Arrays.copyOfRange(bytes, SALT_LENGTH, bytes.length));
  }

  private static RecordedEntry recorded(Row row) {
    return LedgerReader.recorded(row.number("index"), row.bytes("bytes"));
  }
}
