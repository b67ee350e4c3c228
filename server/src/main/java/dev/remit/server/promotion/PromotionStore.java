package dev.remit.server.promotion;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.PromotionId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.promotion.Promotion.State;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Promotions and notices at rest: tables `promotion`, one row each and never deleted, and
/// `promotion_decay`, one for each workflow whose proofs have decayed.
final class PromotionStore {
  private static final String SELECT =
      """
      SELECT id, workflow, state, requested_by, gate, world, requested_at, lapses_at, answered_by
        FROM promotion
      """;

  /// Adds what is asked for, and returns false if the workflow has one that is alive.
  boolean insert(Tx tx, Promotion fresh) {
    return tx.update(
            """
            INSERT INTO promotion
                   (id, workflow, state, requested_by, gate, world, requested_at, lapses_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            fresh.id().value(),
            fresh.workflow().value(),
            fresh.state(),
            fresh.requestedBy().value(),
            fresh.gate().value(),
            fresh.world().value(),
            fresh.requestedAt(),
            fresh.lapsesAt())
        == 1;
  }

  /// Settles what is asked for, and returns false if somebody else has.
  boolean settle(Tx tx, Promotion from, State to, Optional<PersonName> by) {
    return tx.update(
            """
            UPDATE promotion SET state = ?, answered_by = ? WHERE id = ? AND state = 'REQUESTED'
            """,
            to,
            by.map(PersonName::value).orElse(null),
            from.id().value())
        == 1;
  }

  Optional<Promotion> find(Tx tx, PromotionId id) {
    return tx.one(SELECT + " WHERE id = ?", PromotionStore::promotion, id.value());
  }

  Optional<Promotion> alive(Tx tx, WorkflowName workflow) {
    return tx.one(
        SELECT + " WHERE workflow = ? AND state = 'REQUESTED'",
        PromotionStore::promotion,
        workflow.value());
  }

  List<Promotion> overdue(Tx tx, Instant now) {
    return tx.all(
        SELECT + " WHERE state = 'REQUESTED' AND lapses_at <= ?", PromotionStore::promotion, now);
  }

  List<Promotion> open(Tx tx, int limit) {
    return tx.all(
        SELECT + " WHERE state = 'REQUESTED' ORDER BY requested_at, id LIMIT ?",
        PromotionStore::promotion,
        limit);
  }

  List<Promotion> newest(Tx tx, int limit) {
    return tx.all(
        SELECT + " ORDER BY requested_at DESC, id DESC LIMIT ?", PromotionStore::promotion, limit);
  }

  /// That the proofs of a workflow have decayed.
  ///
  /// @param items words of what is no longer met
  record Notice(WorkflowName workflow, List<String> items, Instant noticedAt, Instant demotesAt) {}

  boolean notice(Tx tx, Notice notice) {
    return tx.update(
            """
            INSERT INTO promotion_decay (workflow, items, noticed_at, demotes_at)
            VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            notice.workflow().value(),
            notice.items().toArray(String[]::new),
            notice.noticedAt(),
            notice.demotesAt())
        == 1;
  }

  boolean forget(Tx tx, WorkflowName workflow) {
    return tx.update("DELETE FROM promotion_decay WHERE workflow = ?", workflow.value()) == 1;
  }

  List<Notice> notices(Tx tx) {
    return tx.all(
        "SELECT workflow, items, noticed_at, demotes_at FROM promotion_decay",
        PromotionStore::notice);
  }

  Optional<Notice> notice(Tx tx, WorkflowName workflow) {
    return tx.one(
        "SELECT workflow, items, noticed_at, demotes_at FROM promotion_decay WHERE workflow = ?",
        PromotionStore::notice,
        workflow.value());
  }

  private static Notice notice(Row row) {
    return new Notice(
        new WorkflowName(row.text("workflow")),
        row.texts("items"),
        row.instant("noticed_at"),
        row.instant("demotes_at"));
  }

  private static Promotion promotion(Row row) {
    return new Promotion(
        new PromotionId(row.text("id")),
        new WorkflowName(row.text("workflow")),
        State.valueOf(row.text("state")),
        new PersonName(row.text("requested_by")),
        new Digest(row.text("gate")),
        new Digest(row.text("world")),
        row.instant("requested_at"),
        row.instant("lapses_at"),
        row.maybeText("answered_by").map(PersonName::new));
  }
}
