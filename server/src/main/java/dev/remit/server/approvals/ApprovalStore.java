package dev.remit.server.approvals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.canonical.CanonicalJson;
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
import dev.remit.server.assumptions.Assumptions;
import dev.remit.server.ledger.Subject;
import dev.remit.server.ledger.SubjectKeys;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.ControlPart;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Approvals at rest: table `approval`, one row each, never deleted.
///
/// Every method takes the caller's transaction. A row leaves its state by compare-and-set, so two
/// people, two retries or two nodes never both win.
final class ApprovalStore {
  static final String CHANNEL = "remit_approvals";

  private static final String SELECT =
      """
      SELECT approval.*,
             (SELECT said FROM approval_said WHERE approval_said.approval = approval.id) AS said,
             EXISTS (SELECT FROM approval_agreement
                      WHERE approval_agreement.approval
                            = coalesce(approval.under, approval.id)) AS agreed
        FROM approval
      """;

  /// Stands where somebody's words were, once they are erased.
  static final String ERASED = "(erased)";

  private final SubjectKeys keys;
  private final AgreementStore agreements;

  ApprovalStore(SubjectKeys keys, AgreementStore agreements) {
    this.keys = keys;
    this.agreements = agreements;
  }

  Optional<Approval> find(Tx tx, ApprovalId id) {
    return tx.one(SELECT + " WHERE id = ?", row -> approval(tx, row), id.value());
  }

  /// The newest for a request: one that is alive, whatever it rests on, or one that was bound just
  /// like this, was used, and whose outcome is still kept. One whose call never reached the server
  /// does not count.
  Optional<Approval> current(Tx tx, Binding binding, Instant now) {
    return tx.one(
        SELECT
            + """
              LEFT JOIN approval_outcome AS made ON made.approval = approval.id
             WHERE request = ?
               AND (approval.state IN ('PENDING', 'GRANTED')
                    OR (approval.state = 'CONSUMED' AND bound = ?
                        AND made.state <> 'NOT_SENT' AND made.keep_until > ?))
             ORDER BY opened_at DESC, id DESC
             LIMIT 1
            """,
        row -> approval(tx, row),
        binding.request().value(),
        binding.digest().value(),
        now);
  }

  /// The newest first, at most `max`.
  List<Approval> list(Tx tx, boolean onlyPending, int max) {
    return tx.all(
        SELECT
            + """
             WHERE NOT ?::boolean OR state = 'PENDING'
             ORDER BY opened_at DESC, id DESC
             LIMIT ?
            """,
        row -> approval(tx, row),
        onlyPending,
        max);
  }

  /// Those that wait for an answer, oldest first, without what was shown.
  List<Approval> waiting(Tx tx, int max, Instant now) {
    return tx.all(
        SELECT
            + """
             WHERE state = 'PENDING' AND lapses_at > ?
             ORDER BY opened_at, id
             LIMIT ?
            """,
        row -> approval(tx, row, false),
        now,
        max);
  }

  /// Those whose time is up at `now` and that nobody has settled.
  List<Approval> overdue(Tx tx, Instant now, int max) {
    return tx.all(
        SELECT
            + """
             WHERE state IN ('PENDING', 'GRANTED') AND lapses_at <= ?
             LIMIT ?
            """,
        row -> approval(tx, row),
        now,
        max);
  }

  /// Those that have waited for more than `percent` of their time, and of whom nobody was told so.
  ///
  /// @param mark `reminded_at` or `escalated_at`
  List<Approval> waitingFor(Tx tx, String mark, int percent, Instant now, int max) {
    return tx.all(
        SELECT
            + " WHERE state = 'PENDING' AND "
            + mark
            + """
               IS NULL
               AND opened_at + (lapses_at - opened_at) * ?::integer / 100 <= ?
             ORDER BY lapses_at
             LIMIT ?
            """,
        row -> approval(tx, row),
        percent,
        now,
        max);
  }

  /// Notes that people were told again.
  ///
  /// @return false if somebody has marked it before, or it no longer waits
  boolean mark(Tx tx, ApprovalId id, String mark, Instant now) {
    return tx.update(
            "UPDATE approval SET "
                + mark
                + " = ? WHERE id = ? AND state = 'PENDING' AND "
                + mark
                + " IS NULL",
            now,
            id.value())
        == 1;
  }

  /// What became of the last few of the same identity that asked for the same thing.
  List<Approval> before(Tx tx, Approval approval, int max) {
    return tx.all(
        SELECT
            + """
             WHERE identity = ? AND item = ? AND method = ? AND id <> ?
               AND state NOT IN ('PENDING', 'GRANTED')
             ORDER BY opened_at DESC, id DESC
             LIMIT ?
            """,
        row -> approval(tx, row),
        approval.binding().identity().value(),
        approval.binding().wanted().item(),
        approval.binding().wanted().method(),
        approval.id().value(),
        max);
  }

  /// Those alive under a column's value: `identity`, `workflow`, `asker`, `resource` or `task`.
  List<Approval> under(Tx tx, Under column, String value) {
    return tx.all(
        SELECT + " WHERE state IN ('PENDING', 'GRANTED') AND " + column.sql + " = ?",
        row -> approval(tx, row),
        value);
  }

  /// How many under a column's values were voided since `begun`, and how many are still alive.
  ControlPart.Look count(Tx tx, Under column, List<String> values, Instant begun) {
    return tx.one(
            "SELECT count(*) FILTER (WHERE state = 'VOID') AS gone,"
                + " count(*) FILTER (WHERE state <> 'VOID') AS left_over FROM approval WHERE "
                + column.sql
                + " = ANY (?) AND (state IN ('PENDING', 'GRANTED')"
                + " OR (state = 'VOID' AND settled_at >= ?))",
            row -> new ControlPart.Look(row.number("gone"), row.number("left_over")),
            values,
            begun)
        .orElseThrow();
  }

  /// Writes a new one unless the same call has one alive already.
  boolean insert(Tx tx, Approval approval) {
    var binding = approval.binding();
    return tx.update(
            """
            INSERT INTO approval
                   (id, decision, identity, spiffe_id, workflow, task, intent, asker, method,
                    resource, item, server, definition, arguments, policies, bound, request,
                    assumptions, because, roles, terms, nonce, under, shown, opened_at,
                    lapses_at, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                    'PENDING')
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
            binding.request().value(),
            CanonicalJson.text(approval.assumptions().json()),
            approval.because(),
            AgreementStore.words(approval.roles()),
            CanonicalJson.text(TermsJson.write(approval.terms())),
            approval.nonce(),
            approval.under().map(ApprovalId::value).orElse(null),
            sealed(tx, approval),
            approval.openedAt(),
            approval.lapsesAt())
        == 1;
  }

  /// Moves `id` from one state to another, tells every node, and forgets what was shown unless the
  /// call may still be made.
  ///
  /// @return false if somebody else has moved it first
  boolean move(Tx tx, Approval approval, State from, State to, Approval.Answer answer) {
    var id = approval.id();
    boolean moved =
        tx.one(
                """
                WITH moved AS (
                  UPDATE approval SET state = ?, settled_by = ?, settled_at = ?, shown = NULL
                   WHERE id = ? AND state = ?
                  RETURNING id),
                kept AS (
                  INSERT INTO approval_said (approval, said)
                  SELECT id, ? FROM moved
                  ON CONFLICT (approval) DO UPDATE SET said = EXCLUDED.said)
                SELECT id FROM moved
                """,
                row -> row.text("id"),
                to,
                answer.by(),
                answer.at(),
                id.value(),
                from,
                sealed(tx, approval, answer))
            .isPresent();
    if (moved) {
      tx.notify(CHANNEL, id.value());
    }
    return moved;
  }

  private Approval approval(Tx tx, Row row) {
    return approval(tx, row, true);
  }

  /// @param opened whether what was shown is opened, which takes a key for each
  private Approval approval(Tx tx, Row row, boolean opened) {
    var id = new ApprovalId(row.text("id"));
    var under = row.maybeText("under").map(ApprovalId::new);
    var roles =
        row.texts("roles").stream()
            .map(word -> Word.parse(Role.class, word))
            .collect(Collectors.toUnmodifiableSet());
    return new Approval(
        id,
        new DecisionId(row.text("decision")),
        binding(row),
        Assumptions.read(JsonMapper.shared().readTree(row.text("assumptions"))),
        row.texts("because"),
        TermsJson.read(row.text("terms"), roles),
        row.text("nonce"),
        row.maybeBytes("shown")
            .filter(_ -> opened)
            .flatMap(sealed -> keys.open(tx, sealed, purpose(row.text("id"))))
            .map(bytes -> new String(bytes, UTF_8)),
        row.instant("opened_at"),
        row.instant("lapses_at"),
        State.valueOf(row.text("state")),
        row.flag("agreed") ? agreements.of(tx, under.orElse(id)) : List.of(),
        under,
        row.maybeInstant("settled_at")
            .map(at -> new Approval.Answer(row.text("settled_by"), reason(tx, row), at)));
  }

  /// What was answered before reasons were sealed is there as it was written.
  private String reason(Tx tx, Row row) {
    return row.maybeBytes("said")
        .map(sealed ->
            keys.open(tx, sealed, purposeOfReason(row.text("id")))
                .map(bytes -> new String(bytes, UTF_8))
                .orElse(ERASED))
        .or(() -> row.maybeText("reason"))
        .orElse("");
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

  private byte @Nullable [] sealed(Tx tx, Approval approval) {
    return approval
        .shown()
        .map(text ->
            keys.seal(
                tx,
                about(approval),
                approval.openedAt(),
                text.getBytes(UTF_8),
                purpose(approval.id().value())))
        .orElse(null);
  }

  private byte[] sealed(Tx tx, Approval approval, Approval.Answer answer) {
    return keys.seal(
        tx,
        about(approval).writtenBy(answer.by()),
        answer.at(),
        answer.reason().getBytes(UTF_8),
        purposeOfReason(approval.id().value()));
  }

  private static Subject about(Approval approval) {
    return Subject.task(approval.binding().task(), approval.binding().workflow());
  }

  private static String purpose(String id) {
    return "remit approval shown v1 " + id;
  }

  private static String purposeOfReason(String id) {
    return "remit approval reason v1 " + id;
  }

  /// By what a set of approvals is stopped together.
  enum Under {
    IDENTITY("identity"),
    WORKFLOW("workflow"),
    PERSON("asker"),
    RESOURCE("resource"),
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
