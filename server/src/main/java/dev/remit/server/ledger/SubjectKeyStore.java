package dev.remit.server.ledger;

import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Subject keys at rest: table `ledger_kek`, one row each, never deleted; and the bodies from
/// before there were such keys, each of which is erased by itself.
public final class SubjectKeyStore {
  /// Finds a subject in an entry itself, where no key's row names it: a person by what they did.
  private static final String OLDER =
      """
       b.kek = 'master' AND b.wrapped IS NOT NULL
         AND convert_from(e.bytes, 'UTF8')::jsonb
               ->> (CASE ? WHEN 'person' THEN 'by' WHEN 'task' THEN 'task' ELSE 'workflow' END) = ?
         AND (convert_from(e.bytes, 'UTF8')::jsonb ->> 'at')::timestamptz < ?
      """;

  private final SubjectKeys keys;

  public SubjectKeyStore(Ledger ledger) {
    this.keys = ledger.keys();
  }

  /// A key that still exists, and what it wraps is about.
  public record Kept(String name, Subject subject) {}

  /// Returns keys within `scope`, by name.
  ///
  /// @param after the name after which to go on; empty for the first
  /// @param max most of them
  public List<Kept> find(Tx tx, ErasureScope scope, String after, int max) {
    return tx.all(
        """
        SELECT name, task, workflow, person
          FROM ledger_kek
         WHERE wrapped IS NOT NULL AND until <= ? AND name > ?
        """
            + " AND "
            + scope.kind().column()
            + " = ? ORDER BY name LIMIT ?",
        SubjectKeyStore::kept,
        scope.before(),
        after,
        scope.subject(),
        max);
  }

  /// Returns how many bodies the keys wrap.
  public long bodies(Tx tx, List<String> names) {
    return tx.one(
            "SELECT count(*) AS n FROM ledger_body WHERE kek = ANY (?)",
            row -> row.number("n"),
            names)
        .orElseThrow();
  }

  /// Destroys the keys, here and now: what they wrap is erased once the transaction is committed.
  ///
  /// @return how many there still were
  public int destroy(Tx tx, List<String> names, Instant now) {
    return tx.update(
        """
        UPDATE ledger_kek SET wrapped = NULL, destroyed_at = ?
         WHERE name = ANY (?) AND wrapped IS NOT NULL
        """,
        now,
        names);
  }

  /// Forgets destroyed keys in memory as well; to be called once the transaction is committed.
  public void forget(List<String> names) {
    keys.forget(Set.copyOf(names));
  }

  /// Counts the bodies within `scope` from before there were keys of subjects. Reads every such
  /// entry.
  public long older(Tx tx, ErasureScope scope) {
    return tx.one(
            "SELECT count(*) AS n FROM ledger_body b JOIN ledger_entry e USING (log, index) WHERE"
                + OLDER,
            row -> row.number("n"),
            scope.kind().column(),
            scope.subject(),
            scope.before())
        .orElseThrow();
  }

  /// Erases them, each by its own key.
  ///
  /// @return how many there still were
  public int eraseOlder(Tx tx, ErasureScope scope) {
    return tx.update(
        "UPDATE ledger_body b SET wrapped = NULL FROM ledger_entry e"
            + " WHERE e.log = b.log AND e.index = b.index AND"
            + OLDER,
        scope.kind().column(),
        scope.subject(),
        scope.before());
  }

  /// Returns the workflows of which there is content whose days had ended at `before`.
  public List<String> workflows(Tx tx, Instant before) {
    return tx.all(
        """
        SELECT DISTINCT workflow FROM ledger_kek
         WHERE wrapped IS NOT NULL AND workflow IS NOT NULL AND until <= ?
         ORDER BY workflow
        """,
        row -> row.text("workflow"),
        before);
  }

  static void insert(Tx tx, SubjectKey key) {
    tx.update(
        """
        INSERT INTO ledger_kek (name, task, workflow, person, until, wrapped)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO NOTHING
        """,
        key.name(),
        key.subject().task().orElse(null),
        key.subject().workflow().orElse(null),
        key.subject().person().orElse(null),
        key.until(),
        key.wrapped());
  }

  /// The key `name` as it is stored; empty once it was destroyed.
  static Optional<byte[]> wrapped(Tx tx, String name) {
    return tx.one(
            "SELECT wrapped FROM ledger_kek WHERE name = ?", row -> row.maybeBytes("wrapped"), name)
        .orElseThrow(() -> new IllegalStateException("the row of the key " + name + " is gone"));
  }

  private static Kept kept(Row row) {
    return new Kept(
        row.text("name"),
        new Subject(row.maybeText("task"), row.maybeText("workflow"), row.maybeText("person")));
  }
}
