package dev.remit.server.erasure;

import dev.remit.kernel.identity.LegalHoldId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Legal holds at rest: table `legal_hold`, one row each, never deleted.
final class LegalHoldStore {
  /// Of the transactions that place a hold or erase, one runs at a time, on all nodes together.
  private static final long ONE_AT_A_TIME = 0x72656d69745f6c68L;

  private static final String SELECT =
      """
      SELECT id, kind, subject, reason, placed_by, placed_at, lifted_by, lifted_at
        FROM legal_hold
      """;

  /// Keeps every other node from placing a hold or erasing until the transaction ends.
  void alone(Tx tx) {
    tx.all("SELECT 1 AS held FROM pg_advisory_xact_lock(?)", _ -> true, ONE_AT_A_TIME);
  }

  /// Returns false if there is one that stands already.
  boolean insert(Tx tx, LegalHold fresh) {
    return tx.update(
            """
            INSERT INTO legal_hold (id, kind, subject, reason, placed_by, placed_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            fresh.id().value(),
            fresh.kind().word(),
            fresh.subject(),
            fresh.reason(),
            fresh.placedBy().value(),
            fresh.placedAt())
        == 1;
  }

  /// Returns false if it was lifted before.
  boolean lift(Tx tx, LegalHoldId id, PersonName by, Instant now) {
    return tx.update(
            "UPDATE legal_hold SET lifted_by = ?, lifted_at = ? WHERE id = ? AND lifted_at IS NULL",
            by.value(),
            now,
            id.value())
        == 1;
  }

  Optional<LegalHold> find(Tx tx, LegalHoldId id) {
    return tx.one(SELECT + " WHERE id = ?", LegalHoldStore::hold, id.value());
  }

  List<LegalHold> standing(Tx tx) {
    return tx.all(SELECT + " WHERE lifted_at IS NULL ORDER BY id", LegalHoldStore::hold);
  }

  List<LegalHold> newest(Tx tx, int max) {
    return tx.all(
        SELECT + " ORDER BY lifted_at IS NOT NULL, id DESC LIMIT ?", LegalHoldStore::hold, max);
  }

  private static LegalHold hold(Row row) {
    return new LegalHold(
        new LegalHoldId(row.text("id")),
        Word.parse(ErasureScope.Kind.class, row.text("kind")),
        row.text("subject"),
        row.text("reason"),
        new PersonName(row.text("placed_by")),
        row.instant("placed_at"),
        row.maybeInstant("lifted_at")
            .map(at -> new LegalHold.Lifted(new PersonName(row.text("lifted_by")), at)));
  }
}
