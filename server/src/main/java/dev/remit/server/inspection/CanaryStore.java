package dev.remit.server.inspection;

import dev.remit.kernel.identity.CanaryId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Canaries at rest: table `canary`, one row each, never deleted; their values encrypted.
final class CanaryStore {
  private static final String SELECT =
      """
      SELECT id, kind, name, owner, place, planted, planted_by, planted_at, retired_by, retired_at
        FROM canary
      """;

  /// What is kept of a value.
  @SuppressWarnings("ArrayRecordComponent") // opened once and never compared
  record Wrapped(CanaryId id, byte[] bytes) {}

  void insert(Tx tx, Canary canary, byte[] wrapped) {
    tx.update(
        """
        INSERT INTO canary
          (id, kind, name, owner, place, planted, planted_by, planted_at, wrapped)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        canary.id().value(),
        canary.on().word(),
        canary.name(),
        canary.owner().value(),
        canary.place(),
        canary.planted(),
        canary.by().value(),
        canary.at(),
        wrapped);
  }

  /// Returns false if it was retired before.
  boolean retire(Tx tx, CanaryId id, PersonName by, Instant now) {
    return tx.update(
            "UPDATE canary SET retired_by = ?, retired_at = ? WHERE id = ? AND retired_at IS NULL",
            by.value(),
            now,
            id.value())
        == 1;
  }

  Optional<Canary> find(Tx tx, CanaryId id) {
    return tx.one(SELECT + " WHERE id = ?", CanaryStore::canary, id.value());
  }

  /// Those that are looked for first.
  List<Canary> newest(Tx tx, int max) {
    return tx.all(
        SELECT + " ORDER BY retired_at IS NOT NULL, id DESC LIMIT ?", CanaryStore::canary, max);
  }

  long standing(Tx tx) {
    return tx.one(
            "SELECT count(*) AS n FROM canary WHERE retired_at IS NULL", row -> row.number("n"))
        .orElse(0L);
  }

  Map<CanaryId, byte[]> values(Tx tx) {
    return tx
        .all(
            "SELECT id, wrapped FROM canary WHERE retired_at IS NULL",
            row -> new Wrapped(new CanaryId(row.text("id")), row.bytes("wrapped")))
        .stream()
        .collect(Collectors.toMap(Wrapped::id, Wrapped::bytes));
  }

  private static Canary canary(Row row) {
    return new Canary(
        new CanaryId(row.text("id")),
        Word.parse(Canary.Subject.class, row.text("kind")),
        row.text("name"),
        new PersonName(row.text("owner")),
        row.text("place"),
        row.flag("planted"),
        new PersonName(row.text("planted_by")),
        row.instant("planted_at"),
        row.maybeInstant("retired_at")
            .map(at -> new Canary.Retired(new PersonName(row.text("retired_by")), at)));
  }
}
