package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.approvals.Executed.What;
import dev.remit.server.ledger.Subject;
import dev.remit.server.ledger.SubjectKeys;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Outcomes of approved calls at rest: table `approval_outcome`, one row from the moment an
/// approval is used until its time is up. The answer is sealed and opens for its own approval only.
final class OutcomeStore {
  private final SubjectKeys keys;

  OutcomeStore(SubjectKeys keys) {
    this.keys = keys;
  }

  /// Notes that `approval` is used up and nothing is known yet.
  void begin(Tx tx, ApprovalId approval, DecisionId decision, Instant now, Instant keepUntil) {
    tx.update(
        """
        INSERT INTO approval_outcome (approval, decision, state, used_at, keep_until)
        VALUES (?, ?, 'UNKNOWN', ?, ?)
        """,
        approval.value(),
        decision.value(),
        now,
        keepUntil);
  }

  /// Says what became of it, once, and tells every node.
  void end(Tx tx, ApprovalId approval, What what) {
    byte[] answer =
        what instanceof What.Answered(var message) ? sealed(tx, approval, message) : null;
    tx.update(
        """
        UPDATE approval_outcome SET state = ?, answer = ?
         WHERE approval = ? AND state = 'UNKNOWN'
        """,
        state(what),
        answer,
        approval.value());
    tx.notify(ApprovalStore.CHANNEL, approval.value());
  }

  /// Empty once it is no longer kept, or was erased.
  Optional<Executed> find(Tx tx, ApprovalId approval, Instant now) {
    return tx.one(
            "SELECT * FROM approval_outcome WHERE approval = ? AND keep_until > ?",
            row -> executed(tx, row),
            approval.value(),
            now)
        .flatMap(executed -> executed);
  }

  private byte @Nullable [] sealed(Tx tx, ApprovalId approval, byte[] message) {
    return tx.one(
            """
            SELECT a.task, a.workflow, o.used_at
              FROM approval a JOIN approval_outcome o ON o.approval = a.id
             WHERE a.id = ?
            """,
            row -> {
              var about =
                  Subject.task(
                      new TaskId(row.text("task")), new WorkflowName(row.text("workflow")));
              return keys.seal(tx, about, row.instant("used_at"), message, purpose(approval));
            },
            approval.value())
        .orElse(null);
  }

  int erase(Tx tx, Instant now) {
    return tx.update("DELETE FROM approval_outcome WHERE keep_until <= ?", now);
  }

  /// Erases what is kept for those under a column's value.
  int erase(Tx tx, ApprovalStore.Under column, String value) {
    return tx.update(
        "DELETE FROM approval_outcome USING approval"
            + " WHERE approval.id = approval_outcome.approval AND approval."
            + column.sql()
            + " = ?",
        value);
  }

  private Optional<Executed> executed(Tx tx, Row row) {
    var approval = new ApprovalId(row.text("approval"));
    Optional<What> what =
        switch (row.text("state")) {
          case "NOT_SENT" -> Optional.of(new What.NotSent());
          case "ANSWERED" ->
              keys.open(tx, row.bytes("answer"), purpose(approval)).map(What.Answered::new);
          case "TOO_LARGE" -> Optional.of(new What.TooLarge());
          default -> Optional.of(new What.Unknown());
        };
    return what.map(
        known -> new Executed(new DecisionId(row.text("decision")), row.instant("used_at"), known));
  }

  private static String state(What what) {
    return switch (what) {
      case What.Unknown() -> "UNKNOWN";
      case What.NotSent() -> "NOT_SENT";
      case What.Answered _ -> "ANSWERED";
      case What.TooLarge() -> "TOO_LARGE";
    };
  }

  private static String purpose(ApprovalId approval) {
    return "remit approval outcome v1 " + approval.value();
  }
}
