package dev.remit.server.approvals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What was agreed to for tasks, at rest: table `approval_allowance`. How often one was used is
/// counted from the approvals under it, so there is no second figure that could be wrong.
final class AllowanceStore {
  private static final String SELECT =
      """
      SELECT a.*,
             1 + (SELECT count(*) FROM approval WHERE approval.under = a.approval) AS used
        FROM approval_allowance AS a
      """;

  void insert(Tx tx, Allowance allowance) {
    tx.update(
        """
        INSERT INTO approval_allowance (approval, covers, fixed, free, uses, until, state)
        VALUES (?, ?, ?, ?, ?, ?, 'OPEN')
        """,
        allowance.approval().value(),
        allowance.covers().value(),
        allowance.fixed().value(),
        allowance.limits().free().stream().sorted().toList(),
        allowance.limits().uses(),
        allowance.limits().until());
  }

  /// Those that are open for a kind of call, the oldest first. Each is locked until the transaction
  /// ends, so that two nodes do not take the same use.
  List<Allowance> open(Tx tx, Digest covers) {
    // Locked by a statement of its own: the next one then counts by what others have committed.
    tx.all(
        """
        SELECT approval FROM approval_allowance
         WHERE covers = ? AND state = 'OPEN' ORDER BY approval FOR UPDATE
        """,
        row -> row.text("approval"),
        covers.value());
    return tx.all(
        SELECT + " WHERE covers = ? AND a.state = 'OPEN' ORDER BY a.approval",
        AllowanceStore::allowance,
        covers.value());
  }

  Optional<Allowance> find(Tx tx, ApprovalId approval) {
    return tx.one(SELECT + " WHERE a.approval = ?", AllowanceStore::allowance, approval.value());
  }

  List<Allowance> under(Tx tx, ApprovalStore.Under column, String value) {
    return tx.all(
        SELECT
            + " JOIN approval AS given ON given.id = a.approval"
            + " WHERE a.state = 'OPEN' AND given."
            + column.sql()
            + " = ?",
        AllowanceStore::allowance,
        value);
  }

  List<Allowance> overdue(Tx tx, Instant now, int max) {
    return tx.all(
        SELECT + " WHERE a.state = 'OPEN' AND a.until <= ? LIMIT ?",
        AllowanceStore::allowance,
        now,
        max);
  }

  /// Ends one that is open.
  ///
  /// @return false if it has ended before
  boolean end(Tx tx, ApprovalId approval, Allowance.State to, Instant now) {
    return tx.update(
            """
            UPDATE approval_allowance SET state = ?, ended_at = ?
             WHERE approval = ? AND state = 'OPEN'
            """,
            to,
            now,
            approval.value())
        == 1;
  }

  private static Allowance allowance(Row row) {
    return new Allowance(
        new ApprovalId(row.text("approval")),
        new Digest(row.text("covers")),
        new Digest(row.text("fixed")),
        new ForTask(
            Math.toIntExact(row.number("uses")),
            row.instant("until"),
            Set.copyOf(row.texts("free"))),
        Allowance.State.valueOf(row.text("state")),
        row.number("used"),
        row.maybeInstant("ended_at"));
  }
}
