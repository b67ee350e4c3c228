package dev.remit.server.certificates;

import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Lists of what is revoked, at rest: table `certificate_list`, the newest of each authority.
final class ListStore {

  /// @param der as it is served; not copied
  @SuppressWarnings("ArrayRecordComponent") // served and compared never
  record Stored(long number, byte[] der, Instant nextUpdate) {}

  Optional<Stored> find(Tx tx, String authority) {
    return tx.one(
        "SELECT number, der, next_update FROM certificate_list WHERE authority = ?",
        row -> new Stored(row.number("number"), row.bytes("der"), row.instant("next_update")),
        authority);
  }

  /// Returns the authorities that need another list: none is there, half its time is over, or
  /// something was taken away that is on none.
  List<String> due(Tx tx, Instant now) {
    return tx.all(
        """
        SELECT a.id FROM certificate_authority a
          LEFT JOIN certificate_list l ON l.authority = a.id
         WHERE l.authority IS NULL OR l.renew_at <= ?
            OR EXISTS (SELECT 1 FROM certificate c
                        WHERE c.authority = a.id AND c.state = 'REVOKING')
        """,
        row -> row.text("id"),
        now);
  }

  /// Puts a list in the place of the one before it; false if somebody else has already.
  boolean replace(Tx tx, String authority, RevocationList.Head head, byte[] der, Instant renewAt) {
    return tx.update(
            """
            INSERT INTO certificate_list
                   (authority, number, der, this_update, next_update, renew_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (authority) DO UPDATE
               SET number = EXCLUDED.number, der = EXCLUDED.der,
                   this_update = EXCLUDED.this_update, next_update = EXCLUDED.next_update,
                   renew_at = EXCLUDED.renew_at
             WHERE certificate_list.number = EXCLUDED.number - 1
            """,
            authority,
            head.number(),
            der,
            head.thisUpdate(),
            head.nextUpdate(),
            renewAt)
        == 1;
  }
}
