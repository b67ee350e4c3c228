package dev.remit.server.credentials;

import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Secrets at rest: table `secret`, encrypted values only.
final class SecretStore {

  void put(Tx tx, StoredSecret secret, String kept, byte[] wrapped) {
    tx.update(
        """
        INSERT INTO secret (name, kept, wrapped, rotate, stored_by, stored_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE
           SET kept = EXCLUDED.kept, wrapped = EXCLUDED.wrapped, rotate = EXCLUDED.rotate,
               stored_by = EXCLUDED.stored_by, stored_at = EXCLUDED.stored_at
        """,
        secret.name().value(),
        kept,
        wrapped,
        secret.rotate(),
        secret.by(),
        secret.storedAt());
  }

  /// What is in a row.
  @SuppressWarnings("ArrayRecordComponent") // opened once and never compared
  record Found(String kept, byte[] wrapped) {}

  Optional<Found> find(Tx tx, SecretName name) {
    return tx.one(
        "SELECT kept, wrapped FROM secret WHERE name = ?",
        row -> new Found(row.text("kept"), row.bytes("wrapped")),
        name.value());
  }

  /// Replaces a value that is kept here, and says who stored the one before.
  Optional<String> replace(Tx tx, SecretName name, byte[] wrapped, Instant at) {
    return tx.one(
        """
        UPDATE secret SET wrapped = ?, rotate = false, stored_at = ?
         WHERE name = ? AND kept = 'here' RETURNING stored_by
        """,
        row -> row.text("stored_by"),
        wrapped,
        at,
        name.value());
  }

  boolean lease(Tx tx, SecretName name, Instant now, Instant until) {
    return tx.update(
            """
            UPDATE secret SET leased_until = ?
             WHERE name = ? AND (leased_until IS NULL OR leased_until <= ?)
            """,
            until,
            name.value(),
            now)
        == 1;
  }

  void release(Tx tx, SecretName name) {
    tx.update("UPDATE secret SET leased_until = NULL WHERE name = ?", name.value());
  }

  List<StoredSecret> all(Tx tx) {
    return tx.all(
        "SELECT name, rotate, stored_by, stored_at FROM secret ORDER BY name", SecretStore::secret);
  }

  boolean delete(Tx tx, SecretName name) {
    return tx.update("DELETE FROM secret WHERE name = ?", name.value()) == 1;
  }

  private static StoredSecret secret(Row row) {
    Instant at = row.instant("stored_at");
    return new StoredSecret(
        new SecretName(row.text("name")), row.flag("rotate"), row.text("stored_by"), at);
  }
}
