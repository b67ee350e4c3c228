package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApplyId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.ApplyRequest.State;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.List;
import java.util.Optional;

/// Applies that wait, at rest: table `apply_request`, one row each, never deleted.
final class ApplyRequestStore {
  private static final String SELECT =
      """
      SELECT id, state, requested_by, what, version, digest, why, changes, requested_at, lapses_at,
             answered_by
        FROM apply_request
      """;

  /// Adds what is asked for; false if the same is asked for already.
  boolean insert(Tx tx, ApplyRequest fresh) {
    return tx.update(
            """
            INSERT INTO apply_request (id, state, requested_by, what, version, digest, why, changes,
                                       requested_at, lapses_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            fresh.id().value(),
            fresh.state(),
            fresh.requestedBy().value(),
            fresh.what(),
            fresh.version(),
            fresh.digest().value(),
            fresh.why(),
            fresh.changes(),
            fresh.requestedAt(),
            fresh.lapsesAt())
        == 1;
  }

  /// Settles it; false if somebody else has.
  boolean settle(Tx tx, ApplyRequest open, State to, Optional<PersonName> by) {
    return tx.update(
            """
            UPDATE apply_request SET state = ?, answered_by = ?
             WHERE id = ? AND state = 'REQUESTED'
            """,
            to,
            by.map(PersonName::value).orElse(null),
            open.id().value())
        == 1;
  }

  /// Keeps others from settling it until the transaction ends; false if somebody has.
  boolean lock(Tx tx, ApplyId id) {
    return tx.one(
            "SELECT state FROM apply_request WHERE id = ? FOR UPDATE",
            row -> row.text("state"),
            id.value())
        .filter("REQUESTED"::equals)
        .isPresent();
  }

  Optional<ApplyRequest> find(Tx tx, ApplyId id) {
    return tx.one(SELECT + " WHERE id = ?", ApplyRequestStore::request, id.value());
  }

  /// The one that is open for exactly these changes.
  Optional<ApplyRequest> open(Tx tx, Digest digest) {
    return tx.one(
        SELECT + " WHERE state = 'REQUESTED' AND digest = ?",
        ApplyRequestStore::request,
        digest.value());
  }

  /// All that are open, oldest first.
  List<ApplyRequest> open(Tx tx) {
    return tx.all(
        SELECT + " WHERE state = 'REQUESTED' ORDER BY requested_at, id",
        ApplyRequestStore::request);
  }

  List<ApplyRequest> newest(Tx tx, int limit) {
    return tx.all(
        SELECT + " ORDER BY requested_at DESC, id DESC LIMIT ?", ApplyRequestStore::request, limit);
  }

  private static ApplyRequest request(Row row) {
    return new ApplyRequest(
        new ApplyId(row.text("id")),
        State.valueOf(row.text("state")),
        new PersonName(row.text("requested_by")),
        row.text("what"),
        row.number("version"),
        new Digest(row.text("digest")),
        row.text("why"),
        row.number("changes"),
        row.instant("requested_at"),
        row.instant("lapses_at"),
        row.maybeText("answered_by").map(PersonName::new));
  }
}
