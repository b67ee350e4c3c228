package dev.remit.server.approvals;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;

/// How much people are asked, told from table `approval`. Reads only.
final class CrowdStore {

  /// How many wait under a column's value, counted up to `max`.
  long waiting(Tx tx, ApprovalStore.Under column, String value, int max) {
    return tx.one(
            "SELECT count(*) AS n FROM (SELECT FROM approval WHERE state = 'PENDING' AND "
                + column.sql()
                + " = ? LIMIT ?) AS counted",
            row -> row.number("n"),
            value,
            max)
        .orElseThrow();
  }

  /// How many an identity has asked for since then, counted up to `max`.
  long asked(Tx tx, IdentityName identity, Instant since, int max) {
    return tx.one(
            """
            SELECT count(*) AS n
              FROM (SELECT FROM approval
                     WHERE identity = ? AND opened_at > ? AND under IS NULL
                     LIMIT ?) AS counted
            """,
            row -> row.number("n"),
            identity.value(),
            since,
            max)
        .orElseThrow();
  }

  /// Those that wait, grouped by task and what is asked for; the largest group first.
  List<Group> groups(Tx tx, int max) {
    return tx.all(
        """
        SELECT task, identity, method, item, count(*) AS n, min(opened_at) AS oldest,
               min(lapses_at) AS first_lapse, (array_agg(id ORDER BY opened_at))[1:50] AS ids
          FROM approval
         WHERE state = 'PENDING'
         GROUP BY task, identity, method, item
         ORDER BY n DESC, oldest
         LIMIT ?
        """,
        row ->
            new Group(
                new TaskId(row.text("task")),
                new IdentityName(row.text("identity")),
                row.text("method"),
                row.text("item"),
                row.number("n"),
                row.instant("oldest"),
                row.instant("first_lapse"),
                row.texts("ids")),
        max);
  }
}
