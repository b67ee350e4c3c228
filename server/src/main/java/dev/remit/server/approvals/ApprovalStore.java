package dev.remit.server.approvals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Approvals at rest: table `approval`, one row each, never deleted.
///
/// Every method takes the caller's transaction. A row leaves its state by compare-and-set, so two
/// people, two retries or two nodes never both win.
final class ApprovalStore {
  static final String CHANNEL = "remit_approvals";

  Optional<Approval> find(Tx tx, ApprovalId id) {
    return tx.one("SELECT * FROM approval WHERE id = ?", ApprovalStore::approval, id.value());
  }

  Optional<Approval> alive(Tx tx, Binding binding) {
    return tx.one(
        """
        SELECT * FROM approval
         WHERE task = ? AND tool = ? AND arguments = ? AND definition = ? AND policies = ?
           AND state IN ('PENDING', 'GRANTED')
        """,
        ApprovalStore::approval,
        binding.task().value(),
        binding.tool().toString(),
        binding.arguments().value(),
        binding.definition().value(),
        binding.policies().value());
  }

  /// The newest first, at most `max`.
  List<Approval> list(Tx tx, boolean onlyPending, int max) {
    return tx.all(
        """
        SELECT * FROM approval
         WHERE NOT ?::boolean OR state = 'PENDING'
         ORDER BY opened_at DESC, id DESC
         LIMIT ?
        """,
        ApprovalStore::approval,
        onlyPending,
        max);
  }

  /// Those whose time is up at `now` and that nobody has settled.
  List<Approval> overdue(Tx tx, Instant now) {
    return tx.all(
        """
        SELECT * FROM approval
         WHERE state IN ('PENDING', 'GRANTED') AND lapses_at <= ?
         LIMIT 100
        """,
        ApprovalStore::approval,
        now);
  }

  /// Those alive under a column's value: `identity`, `workflow`, `asker` or `task`.
  List<Approval> under(Tx tx, Under column, String value) {
    return tx.all(
        "SELECT * FROM approval WHERE state IN ('PENDING', 'GRANTED') AND " + column.sql + " = ?",
        ApprovalStore::approval,
        value);
  }

  /// Writes a new one unless the same call has one alive already.
  boolean insert(Tx tx, Approval approval) {
    var binding = approval.binding();
    return tx.update(
            """
            INSERT INTO approval
                   (id, decision, identity, spiffe_id, workflow, task, intent, asker, tool,
                    definition, arguments, policies, because, roles, nonce, shown, opened_at,
                    lapses_at, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING')
            ON CONFLICT DO NOTHING
            """,
            approval.id().value(),
            approval.decision().value(),
            binding.identity().value(),
            binding.spiffeId().value(),
            binding.workflow().value(),
            binding.task().value(),
            binding.intent(),
            binding.asker().value(),
            binding.tool().toString(),
            binding.definition().value(),
            binding.arguments().value(),
            binding.policies().value(),
            approval.because(),
            approval.roles().stream().map(Role::word).sorted().toList(),
            approval.nonce(),
            approval.shown().orElse(""),
            approval.openedAt(),
            approval.lapsesAt())
        == 1;
  }

  /// Moves `id` from one state to another, tells every node, and forgets what was shown unless the
  /// call may still be made.
  ///
  /// @return false if somebody else has moved it first
  boolean move(Tx tx, ApprovalId id, State from, State to, Approval.Answer answer) {
    boolean moved =
        tx.update(
                """
                UPDATE approval
                   SET state = ?, settled_by = ?, reason = ?, settled_at = ?, shown = NULL
                 WHERE id = ? AND state = ?
                """,
                to,
                answer.by(),
                answer.reason(),
                answer.at(),
                id.value(),
                from)
            == 1;
    if (moved) {
      tx.notify(CHANNEL, id.value());
    }
    return moved;
  }

  private static Approval approval(Row row) {
    return new Approval(
        new ApprovalId(row.text("id")),
        new DecisionId(row.text("decision")),
        binding(row),
        row.texts("because"),
        row.texts("roles").stream()
            .map(word -> Word.parse(Role.class, word))
            .collect(Collectors.toUnmodifiableSet()),
        row.text("nonce"),
        row.maybeText("shown"),
        row.instant("opened_at"),
        row.instant("lapses_at"),
        State.valueOf(row.text("state")),
        row.maybeInstant("settled_at")
            .map(at ->
                new Approval.Answer(
                    row.text("settled_by"), row.maybeText("reason").orElse(""), at)));
  }

  private static Binding binding(Row row) {
    return new Binding(
        new IdentityName(row.text("identity")),
        new SpiffeId(row.text("spiffe_id")),
        new WorkflowName(row.text("workflow")),
        new TaskId(row.text("task")),
        row.text("intent"),
        new PersonName(row.text("asker")),
        ToolName.parse(row.text("tool")),
        new Digest(row.text("definition")),
        new Digest(row.text("arguments")),
        new Digest(row.text("policies")));
  }

  /// By what a set of approvals is stopped together.
  enum Under {
    IDENTITY("identity"),
    WORKFLOW("workflow"),
    PERSON("asker"),
    TASK("task");

    private final String sql;

    Under(String sql) {
      this.sql = sql;
    }
  }
}
