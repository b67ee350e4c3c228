package dev.remit.server.signals;

import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Optional;

/// Which tokens were taken: table `signal_seen`.
final class SignalStore {

  /// Returns the digest of what was taken from the transmitter under this id.
  Optional<String> seen(Tx tx, String transmitter, String jti) {
    return tx.one(
        "SELECT digest FROM signal_seen WHERE transmitter = ? AND jti = ?",
        row -> row.text("digest"),
        transmitter,
        jti);
  }

  /// Keeps that it was taken; false if another node was faster.
  boolean keep(Tx tx, String transmitter, String jti, String digest, Instant forgetAt) {
    return tx.update(
            """
            INSERT INTO signal_seen (transmitter, jti, digest, forget_at) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            transmitter,
            jti,
            digest,
            forgetAt)
        == 1;
  }

  int prune(Tx tx, Instant now) {
    return tx.update("DELETE FROM signal_seen WHERE forget_at < ?", now);
  }
}
