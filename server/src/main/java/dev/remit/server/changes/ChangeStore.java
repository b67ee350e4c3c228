package dev.remit.server.changes;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.change.Axis;
import dev.remit.kernel.change.Fingerprint;
import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Changes at rest: tables `model_change`, `model_change_evaluation` and `model_change_seen`.
final class ChangeStore {
  static final String CHANNEL = "model_change";
  private static final String SELECT = "SELECT * FROM model_change";

  /// Adds a change, and returns false if one of the same fingerprint is alive.
  boolean insert(Tx tx, Change fresh) {
    return tx.update(
            """
            INSERT INTO model_change
                   (id, identity, workflow, model, origin, state, fingerprint, declared, parts,
                    revisions, before, why, requested_by, opened_at, moved_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            fresh.id().value(),
            fresh.identity().value(),
            fresh.workflow().value(),
            fresh.model().value(),
            fresh.origin(),
            fresh.state(),
            fresh.fingerprint().digest().value(),
            fresh.declared().value(),
            CanonicalJson.text(fresh.fingerprint().json()),
            CanonicalJson.text(fresh.revisions()),
            fresh.before().map(ChangeId::value).orElse(null),
            fresh.why(),
            fresh.requestedBy().value(),
            fresh.openedAt(),
            fresh.movedAt())
        == 1;
  }

  /// Moves a change on, and returns false if somebody else has.
  boolean move(Tx tx, ChangeId id, State from, State to, String why, Instant now) {
    return tx.update(
            "UPDATE model_change SET state = ?, why = ?, moved_at = ? WHERE id = ? AND state = ?",
            to,
            why,
            now,
            id.value(),
            from)
        == 1;
  }

  void classified(Tx tx, ChangeId id, Assessment found, Digest triggers) {
    tx.update(
        """
        UPDATE model_change
           SET class = ?, axes = ?, suspends = ?, suites = ?, triggers = ?, assessment = ?
         WHERE id = ?
        """,
        found.verdict(),
        found.axes().stream().map(Word::word).toArray(String[]::new),
        found.suspends().stream().map(GrantName::value).sorted().toArray(String[]::new),
        found.suites().toArray(String[]::new),
        triggers.value(),
        CanonicalJson.text(found.json()),
        id.value());
  }

  void approved(Tx tx, ChangeId id, PersonName by, Instant expiresAt) {
    tx.update(
        "UPDATE model_change SET approved_by = ?, expires_at = ? WHERE id = ?",
        by.value(),
        expiresAt,
        id.value());
  }

  Optional<Change> find(Tx tx, ChangeId id) {
    return tx.one(SELECT + " WHERE id = ?", ChangeStore::change, id.value());
  }

  /// Returns what is not over, the oldest first.
  List<Change> alive(Tx tx) {
    return tx.all(SELECT + " WHERE state <> 'RETIRED' ORDER BY opened_at, id", ChangeStore::change);
  }

  List<Change> newest(Tx tx, int limit) {
    return tx.all(SELECT + " ORDER BY opened_at DESC, id DESC LIMIT ?", ChangeStore::change, limit);
  }

  /// By the index `model_change_unsettled`.
  List<Change> unsettled(Tx tx, int limit) {
    return tx.all(
        SELECT + " WHERE state NOT IN ('ACTIVE', 'RETIRED') ORDER BY opened_at, id LIMIT ?",
        ChangeStore::change,
        limit);
  }

  /// By the same index.
  List<Change> waiting(Tx tx, int limit) {
    return tx.all(
        SELECT
            + " WHERE state NOT IN ('ACTIVE', 'RETIRED') AND state = 'EVALUATED'"
            + " ORDER BY opened_at, id LIMIT ?",
        ChangeStore::change,
        limit);
  }

  boolean isEmpty(Tx tx) {
    return tx.one("SELECT 1 AS one FROM model_change LIMIT 1", row -> row.number("one")).isEmpty();
  }

  void evaluated(Tx tx, ChangeId id, Evaluation one) {
    tx.update(
        """
        INSERT INTO model_change_evaluation (change_id, suite, run, verdict, how, plan, said, by, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (change_id, suite) DO UPDATE
          SET run = EXCLUDED.run, verdict = EXCLUDED.verdict, how = EXCLUDED.how,
              plan = EXCLUDED.plan, said = EXCLUDED.said, by = EXCLUDED.by, at = EXCLUDED.at
        """,
        id.value(),
        one.suite(),
        one.run(),
        one.outcome(),
        one.how(),
        one.plan().map(Digest::value).orElse(null),
        one.said(),
        one.by().value(),
        one.at());
  }

  List<Evaluation> evaluations(Tx tx, ChangeId id) {
    return tx.all(
        """
        SELECT suite, run, verdict, how, plan, said, by, at
          FROM model_change_evaluation
         WHERE change_id = ?
         ORDER BY suite
        """,
        row ->
            new Evaluation(
                row.text("suite"),
                row.text("run"),
                Evaluation.Outcome.valueOf(row.text("verdict")),
                // What was written down before it was told apart came from people.
                row.maybeText("how").map(Evaluation.How::valueOf).orElse(Evaluation.How.ELSEWHERE),
                row.maybeText("plan").map(Digest::new),
                row.text("said"),
                new PersonName(row.text("by")),
                row.instant("at")),
        id.value());
  }

  /// Keeps what was seen first; says nothing about what was seen since.
  void seen(Tx tx, ChangeId id, String kind, String value, Instant now) {
    tx.update(
        "INSERT INTO model_change_seen (change_id, kind, value, at) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING",
        id.value(),
        kind,
        value,
        now);
  }

  Map<ChangeId, Map<String, String>> seen(Tx tx) {
    var all = new HashMap<ChangeId, Map<String, String>>();
    tx.each(
        "SELECT change_id, kind, value FROM model_change_seen",
        row ->
            all.computeIfAbsent(new ChangeId(row.text("change_id")), _ -> new HashMap<>())
                .put(row.text("kind"), row.text("value")));
    return all;
  }

  private static Change change(Row row) {
    return new Change(
        new ChangeId(row.text("id")),
        new SpiffeId(row.text("identity")),
        new WorkflowName(row.text("workflow")),
        new ModelName(row.text("model")),
        Origin.valueOf(row.text("origin")),
        State.valueOf(row.text("state")),
        Fingerprint.read(object(row.text("parts"))),
        new Digest(row.text("declared")),
        object(row.text("revisions")),
        row.maybeText("before").map(ChangeId::new),
        row.maybeText("class").map(Verdict::valueOf),
        axes(row),
        Set.copyOf(maybe(row, "suspends").stream().map(GrantName::new).collect(Collectors.toSet())),
        maybe(row, "suites"),
        row.maybeText("assessment").map(ChangeStore::object),
        row.text("why"),
        new PersonName(row.text("requested_by")),
        row.instant("opened_at"),
        row.instant("moved_at"),
        row.maybeText("approved_by").map(PersonName::new),
        row.maybeInstant("expires_at"));
  }

  private static Set<Axis> axes(Row row) {
    return maybe(row, "axes").stream()
        .map(word -> Word.parse(Axis.class, word))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<String> maybe(Row row, String column) {
    return row.maybeText(column).isPresent() ? row.texts(column) : List.of();
  }

  static ObjectNode object(@Nullable String text) {
    return (ObjectNode) JsonMapper.shared().readTree(text);
  }
}
