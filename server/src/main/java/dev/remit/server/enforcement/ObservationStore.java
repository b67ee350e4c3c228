package dev.remit.server.enforcement;

import dev.remit.kernel.identity.EnforcementId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.enforcement.Observation.State;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Observations at rest: table `enforcement`, one row each, never deleted.
final class ObservationStore {
  static final String CHANNEL = "enforcement";

  private static final String SELECT =
      """
      SELECT id, state, requested_by, reason, seconds, requested_at, lapses_at, answered_by,
             expires_at
        FROM enforcement
      """;

  /// Adds what is asked for, and returns false if another one is alive.
  boolean insert(Tx tx, Observation fresh) {
    boolean inserted =
        tx.update(
                """
                INSERT INTO enforcement
                       (id, state, requested_by, reason, seconds, requested_at, lapses_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                fresh.id().value(),
                fresh.state(),
                fresh.requestedBy().value(),
                fresh.reason(),
                fresh.lasts().toSeconds(),
                fresh.requestedAt(),
                fresh.lapsesAt())
            == 1;
    tx.notify(CHANNEL, fresh.id().value());
    return inserted;
  }

  /// Moves it on, and returns false if it is no longer in the state of `from`.
  boolean move(
      Tx tx, Observation from, State to, Optional<PersonName> by, Optional<Instant> until) {
    boolean moved =
        tx.update(
                """
                UPDATE enforcement
                   SET state = ?, answered_by = coalesce(?, answered_by),
                       expires_at = coalesce(?::timestamptz, expires_at)
                 WHERE id = ? AND state = ?
                """,
                to,
                by.map(PersonName::value).orElse(null),
                until.orElse(null),
                from.id().value(),
                from.state())
            == 1;
    tx.notify(CHANNEL, from.id().value());
    return moved;
  }

  Optional<Observation> find(Tx tx, EnforcementId id) {
    return tx.one(SELECT + " WHERE id = ?", ObservationStore::observation, id.value());
  }

  /// The one that is requested or active.
  Optional<Observation> alive(Tx tx) {
    return tx.one(
        SELECT + " WHERE state IN ('REQUESTED', 'ACTIVE')", ObservationStore::observation);
  }

  List<Observation> newest(Tx tx, int limit) {
    return tx.all(
        SELECT + " ORDER BY requested_at DESC LIMIT ?", ObservationStore::observation, limit);
  }

  private static Observation observation(Row row) {
    return new Observation(
        new EnforcementId(row.text("id")),
        State.valueOf(row.text("state")),
        new PersonName(row.text("requested_by")),
        row.text("reason"),
        Duration.ofSeconds(row.number("seconds")),
        row.instant("requested_at"),
        row.instant("lapses_at"),
        row.maybeText("answered_by").map(PersonName::new),
        row.maybeInstant("expires_at"));
  }
}
