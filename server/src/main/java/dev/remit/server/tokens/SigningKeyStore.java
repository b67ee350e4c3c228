package dev.remit.server.tokens;

import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;

/// Signing keys at rest: table `signing_key`, private parts wrapped.
final class SigningKeyStore {

  @SuppressWarnings("ArrayRecordComponent") // read once and compared never
  record StoredKey(String kid, String publicJwk, byte[] wrapped) {}

  /// Keeps other nodes from making a first key at the same time, until the transaction ends.
  void lock(Tx tx) {
    tx.update("LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE");
  }

  /// Returns every key, the one that signs first.
  List<StoredKey> all(Tx tx) {
    return tx.all(
        "SELECT kid, public_jwk, wrapped FROM signing_key ORDER BY signs DESC, created_at DESC",
        row -> new StoredKey(row.text("kid"), row.text("public_jwk"), row.bytes("wrapped")));
  }

  void add(Tx tx, String kid, String publicJwk, byte[] wrapped, Instant now) {
    tx.update(
        """
        INSERT INTO signing_key (kid, public_jwk, wrapped, created_at, signs)
        VALUES (?, ?, ?, ?, true)
        """,
        kid,
        publicJwk,
        wrapped,
        now);
  }
}
