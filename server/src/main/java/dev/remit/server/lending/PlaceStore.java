package dev.remit.server.lending;

import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Optional;

/// What this deployment is called, and what it has last written at each database: tables
/// `credential_deployment` and `credential_place`.
final class PlaceStore {

  /// @param quarantinedAt since when the place is ahead of our records
  record Known(long beat, Optional<Instant> quarantinedAt) {}

  /// Returns the deployment's name; `fresh` if it has none yet.
  String deployment(Tx tx, String fresh) {
    tx.update(
        "INSERT INTO credential_deployment (name) VALUES (?) ON CONFLICT (one) DO NOTHING", fresh);
    return tx.one("SELECT name FROM credential_deployment", row -> row.text("name")).orElseThrow();
  }

  Known find(Tx tx, String place) {
    return tx.one(
            "SELECT beat, quarantined_at FROM credential_place WHERE place = ?",
            row -> new Known(row.number("beat"), row.maybeInstant("quarantined_at")),
            place)
        .orElseGet(() -> new Known(0, Optional.empty()));
  }

  void put(Tx tx, String place, Known known) {
    tx.update(
        """
        INSERT INTO credential_place (place, beat, quarantined_at) VALUES (?, ?, ?)
        ON CONFLICT (place) DO UPDATE
           SET beat = EXCLUDED.beat, quarantined_at = EXCLUDED.quarantined_at
        """,
        place,
        known.beat(),
        known.quarantinedAt().orElse(null));
  }
}
