package dev.remit.server.tokens;

import dev.remit.kernel.identity.Word;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Outcomes to be measured, at rest: tables `control`, `control_cut` and `standing_node`.
final class ControlStore {
  static final String TASK = "task";
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Something whose outcome is to be measured.
  ///
  /// @param kind of a party, or [#TASK]
  record Due(
      String taken, String kind, String name, long epoch, long seq, String by, Instant begun) {

    Party party() {
      return new Party(Word.parse(Party.Kind.class, kind), name);
    }

    boolean isTask() {
      return kind.equals(TASK);
    }
  }

  void add(Tx tx, Due due) {
    tx.update(
        """
        INSERT INTO control (taken, kind, name, epoch, seq, by_whom, begun_at)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        due.taken(),
        due.kind(),
        due.name(),
        due.epoch(),
        due.seq(),
        due.by(),
        due.begun());
  }

  /// Those begun before `before` that nobody has finished.
  List<Due> due(Tx tx, Instant before, int max) {
    return tx.all(
        """
        SELECT taken, kind, name, epoch, seq, by_whom, begun_at FROM control
         WHERE outcome IS NULL AND begun_at < ? ORDER BY begun_at LIMIT ?
        """,
        ControlStore::due,
        before,
        max);
  }

  /// Keeps the outcome; false if somebody else has.
  boolean finish(Tx tx, String taken, JsonNode outcome) {
    return tx.update(
            "UPDATE control SET outcome = ?::jsonb WHERE taken = ? AND outcome IS NULL",
            outcome.toString(),
            taken)
        == 1;
  }

  Optional<JsonNode> outcome(Tx tx, String taken) {
    return tx.one(
            "SELECT outcome::text AS outcome FROM control WHERE taken = ?",
            row -> row.maybeText("outcome"),
            taken)
        .flatMap(found -> found)
        .map(JSON::readTree);
  }

  void cut(Tx tx, String taken, String node, long cut, Instant at) {
    tx.update(
        """
        INSERT INTO control_cut (taken, node, cut, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        taken,
        node,
        cut,
        at);
  }

  /// How many were cut, and how many nodes that were there at `begun` have not said so yet. One
  /// that has started since had nothing open.
  ControlPart.Look cut(Tx tx, String taken, Instant begun, Duration staleAfter) {
    return tx.one(
            """
            SELECT (SELECT coalesce(sum(cut), 0) FROM control_cut WHERE taken = ?) AS gone,
                   (SELECT count(*) FROM standing_node n
                     WHERE n.since <= ? AND n.seen > clock_timestamp() - ? * interval '1 ms'
                       AND NOT EXISTS (SELECT 1 FROM control_cut c
                                        WHERE c.taken = ? AND c.node = n.node)) AS left_over
            """,
            row -> new ControlPart.Look(row.number("gone"), row.number("left_over")),
            taken,
            begun,
            staleAfter.toMillis(),
            taken)
        .orElseThrow();
  }

  /// Says that `node` is there since `since` and has applied everything up to `seq`.
  void heard(Tx tx, String node, long seq, Instant since) {
    tx.update(
        """
        INSERT INTO standing_node (node, seq, since, seen) VALUES (?, ?, ?, clock_timestamp())
        ON CONFLICT (node) DO UPDATE
           SET seq = EXCLUDED.seq, since = EXCLUDED.since, seen = EXCLUDED.seen
        """,
        node,
        seq,
        since);
  }

  void leave(Tx tx, String node) {
    tx.update("DELETE FROM standing_node WHERE node = ?", node);
  }

  /// How many nodes have applied `seq`, and how many that are there have not. Whoever has not been
  /// seen for `staleAfter` refuses everything by itself.
  ControlPart.Look heard(Tx tx, long seq, Duration staleAfter) {
    return tx.one(
            """
            SELECT count(*) FILTER (WHERE seq >= ?) AS gone,
                   count(*) FILTER (WHERE seq < ?) AS left_over
              FROM standing_node WHERE seen > clock_timestamp() - ? * interval '1 ms'
            """,
            row -> new ControlPart.Look(row.number("gone"), row.number("left_over")),
            seq,
            seq,
            staleAfter.toMillis())
        .orElseThrow();
  }

  int prune(Tx tx, Instant before) {
    return tx.update("DELETE FROM control_cut WHERE at < ?", before);
  }

  private static Due due(Row row) {
    return new Due(
        row.text("taken"),
        row.text("kind"),
        row.text("name"),
        row.number("epoch"),
        row.number("seq"),
        row.text("by_whom"),
        row.instant("begun_at"));
  }
}
