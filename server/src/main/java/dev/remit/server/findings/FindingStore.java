package dev.remit.server.findings;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding.Severity;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Findings at rest: table `finding`, one row each, never deleted.
final class FindingStore {
  private static final String SELECT =
      """
      SELECT id, kind, subject, severity, summary, remedy, for_role, raised_at, seen_at, times,
             closed_at, closed_by, closed_reason
        FROM finding
      """;

  /// Counts one more sighting of what was raised before and is open.
  ///
  /// @return false if there is none
  boolean seenAgain(Tx tx, Finding.Sighting sighting, Instant now) {
    return tx.update(
            """
            UPDATE finding
               SET times = times + 1, seen_at = ?, summary = ?
             WHERE kind = ? AND subject = ? AND closed_at IS NULL
            """,
            now,
            sighting.summary(),
            sighting.kind(),
            sighting.subject())
        == 1;
  }

  /// Adds a finding, and returns false if another node was faster.
  boolean insert(Tx tx, FindingId id, Finding.Sighting sighting, Instant now) {
    return tx.update(
            """
            INSERT INTO finding
                   (id, kind, subject, severity, summary, remedy, for_role, raised_at, seen_at, times)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING
            """,
            id.value(),
            sighting.kind(),
            sighting.subject(),
            sighting.severity(),
            sighting.summary(),
            sighting.remedy(),
            sighting.forRole(),
            now,
            now)
        == 1;
  }

  /// Closes what is open.
  ///
  /// @return false if it is not
  boolean close(Tx tx, FindingId id, Finding.Closed closed) {
    return tx.update(
            """
            UPDATE finding
               SET closed_at = ?, closed_by = ?, closed_reason = ?
             WHERE id = ? AND closed_at IS NULL
            """,
            closed.at(),
            closed.by().value(),
            closed.reason(),
            id.value())
        == 1;
  }

  Optional<Finding> find(Tx tx, FindingId id) {
    return tx.one(SELECT + " WHERE id = ?", FindingStore::finding, id.value());
  }

  List<Finding> newest(Tx tx, boolean alsoClosed, int limit) {
    return tx.all(
        SELECT
            + (alsoClosed ? "" : " WHERE closed_at IS NULL")
            + " ORDER BY seen_at DESC, id LIMIT ?",
        FindingStore::finding,
        limit);
  }

  List<Finding> open(Tx tx, Severity severity) {
    return tx.all(
        SELECT + " WHERE closed_at IS NULL AND severity = ? ORDER BY raised_at, id",
        FindingStore::finding,
        severity);
  }

  Optional<Finding> open(Tx tx, String kind, String subject) {
    return tx.one(
        SELECT + " WHERE closed_at IS NULL AND kind = ? AND subject = ?",
        FindingStore::finding,
        kind,
        subject);
  }

  long open(Tx tx) {
    return tx.one(
            "SELECT count(*) AS n FROM finding WHERE closed_at IS NULL", row -> row.number("n"))
        .orElseThrow();
  }

  private static Finding finding(Row row) {
    return new Finding(
        new FindingId(row.text("id")),
        row.text("kind"),
        row.text("subject"),
        Severity.valueOf(row.text("severity")),
        row.text("summary"),
        row.text("remedy"),
        Role.valueOf(row.text("for_role")),
        row.instant("raised_at"),
        row.instant("seen_at"),
        row.number("times"),
        row.maybeInstant("closed_at").map(at -> closed(row, at)));
  }

  private static Finding.Closed closed(Row row, Instant at) {
    return new Finding.Closed(at, new PersonName(row.text("closed_by")), row.text("closed_reason"));
  }
}
