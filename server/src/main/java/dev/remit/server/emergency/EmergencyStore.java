package dev.remit.server.emergency;

import dev.remit.kernel.identity.EmergencyId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.emergency.Emergency.Review;
import dev.remit.server.emergency.Emergency.State;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Emergencies at rest: table `emergency`, one row each, never deleted.
final class EmergencyStore {
  static final String CHANNEL = "emergency";

  private static final String SELECT =
      """
      SELECT id, state, workflow, identity, resource, tool, calls, used, seconds, reason,
             requested_by, requested_at, lapses_at, answered_by, expires_at, review_by,
             reviewed_by, reviewed_at, justified
        FROM emergency
      """;

  /// Adds what is asked for, and returns false if the workflow has one that is alive.
  boolean insert(Tx tx, Emergency fresh) {
    boolean inserted =
        tx.update(
                """
                INSERT INTO emergency
                       (id, state, workflow, identity, resource, tool, calls, seconds, reason,
                        requested_by, requested_at, lapses_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                fresh.id().value(),
                fresh.state(),
                fresh.lifted().workflow().value(),
                fresh.lifted().identity().map(IdentityName::value).orElse(null),
                fresh.lifted().resource().value(),
                fresh.lifted().tool().orElse(null),
                fresh.calls(),
                fresh.lasts().toSeconds(),
                fresh.reason(),
                fresh.requestedBy().value(),
                fresh.requestedAt(),
                fresh.lapsesAt())
            == 1;
    tx.notify(CHANNEL, fresh.id().value());
    return inserted;
  }

  /// Opens what is asked for, and returns false if it is no longer that.
  ///
  /// @param by who agreed; empty where one person was enough
  boolean open(
      Tx tx, EmergencyId id, Optional<PersonName> by, Instant expiresAt, Instant reviewBy) {
    return told(
        tx,
        id,
        tx.update(
            """
            UPDATE emergency
               SET state = 'OPEN', answered_by = ?, expires_at = ?, review_by = ?
             WHERE id = ? AND state = 'REQUESTED'
            """,
            by.map(PersonName::value).orElse(null),
            expiresAt,
            reviewBy,
            id.value()));
  }

  /// Moves it on, and returns false if it is no longer in the state of `from`.
  boolean move(Tx tx, Emergency from, State to, Optional<PersonName> answered) {
    return told(
        tx,
        from.id(),
        tx.update(
            """
            UPDATE emergency SET state = ?, answered_by = coalesce(?, answered_by)
             WHERE id = ? AND state = ?
            """,
            to,
            answered.map(PersonName::value).orElse(null),
            from.id().value(),
            from.state()));
  }

  /// Takes the next of its calls, and returns false if another was faster, or there is none.
  boolean use(Tx tx, Emergency from) {
    return told(
        tx,
        from.id(),
        tx.update(
            """
            UPDATE emergency SET used = used + 1
             WHERE id = ? AND state = 'OPEN' AND used = ? AND used < calls
            """,
            from.id().value(),
            from.used()));
  }

  boolean review(Tx tx, EmergencyId id, Review review) {
    return tx.update(
            """
            UPDATE emergency SET reviewed_by = ?, reviewed_at = ?, justified = ?
             WHERE id = ? AND reviewed_at IS NULL
            """,
            review.by().value(),
            review.at(),
            review.justified(),
            id.value())
        == 1;
  }

  private static boolean told(Tx tx, EmergencyId id, int updated) {
    tx.notify(CHANNEL, id.value());
    return updated == 1;
  }

  Optional<Emergency> find(Tx tx, EmergencyId id) {
    return tx.one(SELECT + " WHERE id = ?", EmergencyStore::emergency, id.value());
  }

  /// All that are asked for or open, in the order in which they were asked for.
  List<Emergency> alive(Tx tx) {
    return tx.all(
        SELECT + " WHERE state IN ('REQUESTED', 'OPEN') ORDER BY requested_at, id",
        EmergencyStore::emergency);
  }

  /// All whose review should have come by `now`.
  List<Emergency> overdue(Tx tx, Instant now) {
    return tx.all(
        SELECT + " WHERE review_by <= ? AND reviewed_at IS NULL ORDER BY review_by, id",
        EmergencyStore::emergency,
        now);
  }

  List<Emergency> newest(Tx tx, int limit) {
    return tx.all(
        SELECT + " ORDER BY requested_at DESC, id DESC LIMIT ?", EmergencyStore::emergency, limit);
  }

  private static Emergency emergency(Row row) {
    return new Emergency(
        new EmergencyId(row.text("id")),
        State.valueOf(row.text("state")),
        new Lifted(
            new WorkflowName(row.text("workflow")),
            row.maybeText("identity").map(IdentityName::new),
            new ResourceName(row.text("resource")),
            row.maybeText("tool")),
        row.number("calls"),
        row.number("used"),
        Duration.ofSeconds(row.number("seconds")),
        row.text("reason"),
        new PersonName(row.text("requested_by")),
        row.instant("requested_at"),
        row.instant("lapses_at"),
        row.maybeText("answered_by").map(PersonName::new),
        row.maybeInstant("expires_at"),
        row.maybeInstant("review_by"),
        row.maybeInstant("reviewed_at")
            .map(at ->
                new Review(new PersonName(row.text("reviewed_by")), at, row.flag("justified"))));
  }
}
