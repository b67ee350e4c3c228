package dev.remit.server.credentials;

import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Secrets at rest: table `secret`, encrypted values only.
final class SecretStore {

  void put(Tx tx, StoredSecret secret, byte[] wrapped) {
    tx.update(
        """
        INSERT INTO secret (name, wrapped, rotate, stored_by, stored_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE
           SET wrapped = EXCLUDED.wrapped, rotate = EXCLUDED.rotate,
               stored_by = EXCLUDED.stored_by, stored_at = EXCLUDED.stored_at
        """,
        secret.name().value(),
        wrapped,
        secret.rotate(),
        secret.by(),
        secret.storedAt());
  }

  Optional<byte[]> wrapped(Tx tx, SecretName name) {
    return tx.one(
        "SELECT wrapped FROM secret WHERE name = ?", row -> row.bytes("wrapped"), name.value());
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
