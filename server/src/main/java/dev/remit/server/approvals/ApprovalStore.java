package dev.remit.server.approvals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Approvals at rest: table `approval`, one row each, never deleted.
///
/// Every method takes the caller's transaction. A row leaves its state by compare-and-set, so two
/// people, two retries or two nodes never both win.
final class ApprovalStore {
  static final String CHANNEL = "remit_approvals";

  private final KeyWrap kek;

  ApprovalStore(KeyWrap kek) {
    this.kek = kek;
  }

  Optional<Approval> find(Tx tx, ApprovalId id) {
    return tx.one("SELECT * FROM approval WHERE id = ?", this::approval, id.value());
  }

  /// The newest that covers a request bound like this: one that is alive, or one that was used and
  /// whose outcome is still kept. One whose call never reached the server does not count.
  Optional<Approval> current(Tx tx, Binding binding, Instant now) {
    return tx.one(
        """
        SELECT approval.*
          FROM approval LEFT JOIN approval_outcome AS made ON made.approval = approval.id
         WHERE bound = ?
           AND (approval.state IN ('PENDING', 'GRANTED')
                OR (approval.state = 'CONSUMED'
                    AND made.state <> 'NOT_SENT' AND made.keep_until > ?))
         ORDER BY opened_at DESC, id DESC
         LIMIT 1
        """,
        this::approval,
        binding.digest().value(),
        now);
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
        this::approval,
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
        this::approval,
        now);
  }

  /// Those alive under a column's value: `identity`, `workflow`, `asker` or `task`.
  List<Approval> under(Tx tx, Under column, String value) {
    return tx.all(
        "SELECT * FROM approval WHERE state IN ('PENDING', 'GRANTED') AND " + column.sql + " = ?",
        this::approval,
        value);
  }

  /// Writes a new one unless the same call has one alive already.
  boolean insert(Tx tx, Approval approval) {
    var binding = approval.binding();
    return tx.update(
            """
            INSERT INTO approval
                   (id, decision, identity, spiffe_id, workflow, task, intent, asker, method,
                    resource, item, server, definition, arguments, policies, bound, because,
                    roles, nonce, shown, opened_at, lapses_at, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING')
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
            binding.wanted().method(),
            binding.wanted().resource().value(),
            binding.wanted().item(),
            binding.wanted().server().value(),
            binding.wanted().definition().map(Digest::value).orElse(""),
            binding.arguments().value(),
            binding.policies().value(),
            binding.digest().value(),
            approval.because(),
            approval.roles().stream().map(Role::word).sorted().toList(),
            approval.nonce(),
            sealed(approval),
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

  private Approval approval(Row row) {
    return new Approval(
        new ApprovalId(row.text("id")),
        new DecisionId(row.text("decision")),
        binding(row),
        row.texts("because"),
        row.texts("roles").stream()
            .map(word -> Word.parse(Role.class, word))
            .collect(Collectors.toUnmodifiableSet()),
        row.text("nonce"),
        row.maybeBytes("shown").map(sealed -> opened(sealed, row.text("id"))),
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
        new Wanted(
            row.text("method"),
            new ResourceName(row.text("resource")),
            row.text("item"),
            new Digest(row.text("server")),
            Optional.of(row.text("definition")).filter(text -> !text.isEmpty()).map(Digest::new)),
        new Digest(row.text("arguments")),
        new Digest(row.text("policies")));
  }

  private byte @Nullable [] sealed(Approval approval) {
    return approval
        .shown()
        .map(text -> kek.wrap(text.getBytes(UTF_8), purpose(approval.id().value())))
        .orElse(null);
  }

  private String opened(byte[] sealed, String id) {
    return new String(kek.unwrap(sealed, purpose(id)), UTF_8);
  }

  private static String purpose(String id) {
    return "remit approval shown v1 " + id;
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

    String sql() {
      return sql;
    }
  }
}
