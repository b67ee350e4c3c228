package dev.remit.server.exceptions;

import dev.remit.kernel.identity.ExceptionId;
import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.exceptions.Acceptance.State;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Exceptions at rest: table `risk_exception`, one row each, never deleted.
final class AcceptanceStore {
  private static final String SELECT =
      """
      SELECT id, finding, state, requested_by, reason, seconds, requested_at, lapses_at,
             answered_by, expires_at, ended_by
        FROM risk_exception
      """;

  /// Adds what is asked for, and returns false if the finding has one that is alive.
  boolean insert(Tx tx, Acceptance fresh) {
    return tx.update(
            """
            INSERT INTO risk_exception
                   (id, finding, state, requested_by, reason, seconds, requested_at, lapses_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            fresh.id().value(),
            fresh.finding().value(),
            fresh.state(),
            fresh.requestedBy().value(),
            fresh.reason(),
            fresh.lasts().toSeconds(),
            fresh.requestedAt(),
            fresh.lapsesAt())
        == 1;
  }

  /// Moves it on, and returns false if it is no longer in the state of `from`.
  boolean move(
      Tx tx,
      Acceptance from,
      State to,
      Optional<PersonName> answered,
      Optional<Instant> until,
      Optional<PersonName> ended) {
    return tx.update(
            """
            UPDATE risk_exception
               SET state = ?, answered_by = coalesce(?, answered_by),
                   expires_at = coalesce(?::timestamptz, expires_at),
                   ended_by = coalesce(?, ended_by)
             WHERE id = ? AND state = ?
            """,
            to,
            answered.map(PersonName::value).orElse(null),
            until.orElse(null),
            ended.map(PersonName::value).orElse(null),
            from.id().value(),
            from.state())
        == 1;
  }

  Optional<Acceptance> find(Tx tx, ExceptionId id) {
    return tx.one(SELECT + " WHERE id = ?", AcceptanceStore::acceptance, id.value());
  }

  /// The one of a finding that is asked for or holds.
  Optional<Acceptance> alive(Tx tx, FindingId finding) {
    return tx.one(
        SELECT + " WHERE finding = ? AND state IN ('REQUESTED', 'AGREED')",
        AcceptanceStore::acceptance,
        finding.value());
  }

  /// All that are asked for or hold.
  List<Acceptance> alive(Tx tx) {
    return tx.all(
        SELECT + " WHERE state IN ('REQUESTED', 'AGREED') ORDER BY requested_at, id",
        AcceptanceStore::acceptance);
  }

  List<Acceptance> newest(Tx tx, int limit) {
    return tx.all(
        SELECT + " ORDER BY requested_at DESC, id DESC LIMIT ?",
        AcceptanceStore::acceptance,
        limit);
  }

  private static Acceptance acceptance(Row row) {
    return new Acceptance(
        new ExceptionId(row.text("id")),
        new FindingId(row.text("finding")),
        State.valueOf(row.text("state")),
        new PersonName(row.text("requested_by")),
        row.text("reason"),
        Duration.ofSeconds(row.number("seconds")),
        row.instant("requested_at"),
        row.instant("lapses_at"),
        row.maybeText("answered_by").map(PersonName::new),
        row.maybeInstant("expires_at"),
        row.maybeText("ended_by").map(PersonName::new));
  }
}
