package dev.remit.server.findings;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding.Severity;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;

/// Findings at rest: table `finding`, one row each, never deleted.
final class FindingStore {

  /// Counts one more sighting of what was raised before.
  ///
  /// @return false if it was not
  boolean seenAgain(Tx tx, Finding.Sighting sighting, Instant now) {
    return tx.update(
            """
            UPDATE finding
               SET times = times + 1, seen_at = ?, summary = ?
             WHERE kind = ? AND subject = ?
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
            ON CONFLICT (kind, subject) DO NOTHING
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

  List<Finding> newest(Tx tx, int limit) {
    return tx.all(
        """
        SELECT id, kind, subject, severity, summary, remedy, for_role, raised_at, seen_at, times
          FROM finding
         ORDER BY seen_at DESC, id
         LIMIT ?
        """,
        FindingStore::finding,
        limit);
  }

  long count(Tx tx) {
    return tx.one("SELECT count(*) AS n FROM finding", row -> row.number("n")).orElseThrow();
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
        row.number("times"));
  }
}
