package dev.remit.server.certificates;

import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Authorities at rest: table `certificate_authority`, private parts wrapped.
final class AuthorityStore {
  private static final String COLUMNS =
      "id, certificate, wrapped, signs_from, expires_at, revoked_at";

  /// @param certificate its own, in DER
  @SuppressWarnings("ArrayRecordComponent") // read once and compared never
  record Stored(
      String id,
      byte[] certificate,
      byte[] wrapped,
      Instant signsFrom,
      Instant expiresAt,
      Optional<Instant> revokedAt) {

    @Override
    public String toString() {
      return id;
    }
  }

  /// Keeps other nodes from changing them at the same time, until the transaction ends.
  void lock(Tx tx) {
    tx.update("LOCK TABLE certificate_authority IN SHARE ROW EXCLUSIVE MODE");
  }

  /// Returns every one, the youngest first.
  List<Stored> all(Tx tx) {
    return tx.all(
        "SELECT " + COLUMNS + " FROM certificate_authority ORDER BY signs_from DESC, id",
        AuthorityStore::stored);
  }

  List<Stored> trusted(Tx tx) {
    return all(tx).stream().filter(one -> one.revokedAt().isEmpty()).toList();
  }

  /// Whether one is trusted, and stays so until the transaction ends.
  boolean isTrusted(Tx tx, String id) {
    return tx.one(
            "SELECT id FROM certificate_authority WHERE id = ? AND revoked_at IS NULL FOR SHARE",
            row -> row.text("id"),
            id)
        .isPresent();
  }

  /// What tells one set of them from another.
  String version(Tx tx) {
    return tx.one(
            "SELECT COALESCE(string_agg(id || COALESCE(revoked_at::text, ''), ' ' ORDER BY id), '')"
                + " AS version FROM certificate_authority",
            row -> row.text("version"))
        .orElse("");
  }

  void add(Tx tx, Stored authority, Instant now) {
    tx.update(
        """
        INSERT INTO certificate_authority
               (id, certificate, wrapped, created_at, signs_from, expires_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        authority.id(),
        authority.certificate(),
        authority.wrapped(),
        now,
        authority.signsFrom(),
        authority.expiresAt());
  }

  List<String> revokeAll(Tx tx, Instant now) {
    return tx.all(
        "UPDATE certificate_authority SET revoked_at = ? WHERE revoked_at IS NULL RETURNING id",
        row -> row.text("id"),
        now);
  }

  /// Deletes those of which nothing is left when what they stopped signing before `before` has
  /// ended: another had taken over by then, or they were revoked.
  List<String> deleteUnneeded(Tx tx, Instant before) {
    return tx.all(
        """
        DELETE FROM certificate_authority old
         WHERE old.revoked_at < ?
            OR (old.revoked_at IS NULL
                AND EXISTS (SELECT 1 FROM certificate_authority next
                             WHERE next.revoked_at IS NULL AND next.signs_from > old.signs_from
                               AND next.signs_from < ?))
        RETURNING id
        """,
        row -> row.text("id"),
        before,
        before);
  }

  private static Stored stored(Row row) {
    return new Stored(
        row.text("id"),
        row.bytes("certificate"),
        row.bytes("wrapped"),
        row.instant("signs_from"),
        row.instant("expires_at"),
        row.maybeInstant("revoked_at"));
  }
}
