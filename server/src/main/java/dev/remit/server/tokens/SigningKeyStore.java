package dev.remit.server.tokens;

import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;

/// Signing keys at rest: table `signing_key`, private parts wrapped.
final class SigningKeyStore {

  /// @param signsFrom when it began to sign, or will
  @SuppressWarnings("ArrayRecordComponent") // read once and compared never
  record StoredKey(String kid, String publicJwk, byte[] wrapped, Instant signsFrom) {}

  /// Keeps other nodes from changing the keys at the same time, until the transaction ends.
  void lock(Tx tx) {
    tx.update("LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE");
  }

  /// Returns every key that is trusted, the youngest first.
  List<StoredKey> trusted(Tx tx) {
    return tx.all(
        """
        SELECT kid, public_jwk, wrapped, signs_from FROM signing_key
         WHERE revoked_at IS NULL ORDER BY signs_from DESC, created_at DESC, kid
        """,
        SigningKeyStore::key);
  }

  void add(Tx tx, StoredKey key, Instant now) {
    tx.update(
        """
        INSERT INTO signing_key (kid, public_jwk, wrapped, created_at, signs_from)
        VALUES (?, ?, ?, ?, ?)
        """,
        key.kid(),
        key.publicJwk(),
        key.wrapped(),
        now,
        key.signsFrom());
  }

  /// Takes the trust from every key there is, and returns which that were.
  List<String> revokeAll(Tx tx, Instant now, long seq) {
    return tx.all(
        """
        UPDATE signing_key SET revoked_at = ?, revoked_seq = ?
         WHERE revoked_at IS NULL RETURNING kid
        """,
        row -> row.text("kid"),
        now,
        seq);
  }

  /// Deletes keys of which no token lives at a moment when what was signed before `before` has
  /// expired: another had taken over by then, or they were revoked.
  List<String> deleteUnused(Tx tx, Instant before) {
    return tx.all(
        """
        DELETE FROM signing_key old
         WHERE old.revoked_at < ?
            OR (old.revoked_at IS NULL
                AND EXISTS (SELECT 1 FROM signing_key next
                             WHERE next.revoked_at IS NULL AND next.signs_from > old.signs_from
                               AND next.signs_from < ?))
        RETURNING kid
        """,
        row -> row.text("kid"),
        before,
        before);
  }

  private static StoredKey key(Row row) {
    return new StoredKey(
        row.text("kid"), row.text("public_jwk"), row.bytes("wrapped"), row.instant("signs_from"));
  }
}
