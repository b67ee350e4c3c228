package dev.remit.server.detection;

import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How far entries were looked at, and who used which credential: tables `detection_position` and
/// `detection_credential`.
final class DetectionStore {

  Optional<Long> position(Tx tx, String log) {
    return tx.one(
        "SELECT next FROM detection_position WHERE log = ?", row -> row.number("next"), log);
  }

  /// Never back: two that look at the same log at once have both looked.
  void move(Tx tx, String log, long next) {
    tx.update(
        """
        INSERT INTO detection_position (log, next) VALUES (?, ?)
        ON CONFLICT (log) DO UPDATE SET next = GREATEST(detection_position.next, EXCLUDED.next)
        """,
        log,
        next);
  }

  /// Keeps that `identity` has used the credential, and returns who else has since `since`.
  List<String> used(Tx tx, String credential, String identity, Instant at, Instant since) {
    tx.update(
        """
        INSERT INTO detection_credential (credential, identity, used_at) VALUES (?, ?, ?)
        ON CONFLICT (credential, identity) DO UPDATE
           SET used_at = GREATEST(detection_credential.used_at, EXCLUDED.used_at)
        """,
        credential,
        identity,
        at);
    return tx.all(
        """
        SELECT identity FROM detection_credential
         WHERE credential = ? AND identity <> ? AND used_at > ? ORDER BY identity
        """,
        row -> row.text("identity"),
        credential,
        identity,
        since);
  }

  int prune(Tx tx, Instant before) {
    return tx.update("DELETE FROM detection_credential WHERE used_at < ?", before);
  }
}
