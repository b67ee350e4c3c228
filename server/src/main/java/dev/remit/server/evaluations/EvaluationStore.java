package dev.remit.server.evaluations;

import dev.remit.kernel.comparison.BlindSample;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.evaluations.Judging.Harm;
import dev.remit.server.evaluations.Judging.Outcome;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Evaluations at rest: tables `evaluation`, `evaluation_answer`, `evaluation_label`.
final class EvaluationStore {
  private static final String SELECT =
      """
      SELECT id, origin, plan, secret, revealed, state, verdict, axes, planned_by, planned_at,
             judged_at, wanted, leased_until
        FROM evaluation
      """;

  void insert(Tx tx, Planned fresh) {
    tx.update(
        """
        INSERT INTO evaluation
               (id, origin, plan, candidate, baseline, blind, secret, state, planned_by, planned_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        fresh.id().value(),
        fresh.origin(),
        fresh.plan().text(),
        fresh.plan().candidate().fingerprint().value(),
        fresh.plan().baseline().map(version -> version.fingerprint().value()).orElse(null),
        fresh.blind().commitment().value(),
        fresh.blind().secret(),
        fresh.state(),
        fresh.by().value(),
        fresh.at());
  }

  Optional<Planned> find(Tx tx, EvaluationId id) {
    return tx.one(SELECT + " WHERE id = ?", EvaluationStore::planned, id.value());
  }

  List<Planned> newest(Tx tx, int max) {
    return tx.all(
        SELECT + " ORDER BY planned_at DESC, id DESC LIMIT ?", EvaluationStore::planned, max);
  }

  List<Planned> of(Tx tx, String fingerprint) {
    return tx.all(
        SELECT + " WHERE candidate = ? ORDER BY planned_at DESC, id DESC",
        EvaluationStore::planned,
        fingerprint);
  }

  /// Those that somebody wants run and nobody runs.
  List<Planned> waiting(Tx tx, Instant now) {
    return tx.all(
        SELECT + " WHERE wanted AND (leased_until IS NULL OR leased_until < ?) ORDER BY planned_at",
        EvaluationStore::planned,
        now);
  }

  boolean want(Tx tx, EvaluationId id, boolean wanted) {
    return tx.update("UPDATE evaluation SET wanted = ? WHERE id = ?", wanted, id.value()) == 1;
  }

  /// Takes or keeps the turn to run it.
  ///
  /// @param mine until when the lease was taken that is kept; empty to take one that is free
  boolean lease(Tx tx, EvaluationId id, Optional<Instant> mine, Instant now, Instant until) {
    return tx.update(
            """
            UPDATE evaluation
               SET leased_until = ?
             WHERE id = ? AND wanted
               AND (leased_until IS NULL OR leased_until < ? OR leased_until = ?::timestamptz)
            """,
            until,
            id.value(),
            now,
            mine.orElse(null))
        == 1;
  }

  /// Gives the turn back.
  void release(Tx tx, EvaluationId id, boolean done) {
    tx.update(
        "UPDATE evaluation SET leased_until = NULL, wanted = wanted AND NOT ? WHERE id = ?",
        done,
        id.value());
  }

  /// Says what it has come to.
  void judge(
      Tx tx,
      EvaluationId id,
      Planned.State state,
      Verdict verdict,
      List<String> axes,
      boolean reveal,
      Instant now) {
    tx.update(
        """
        UPDATE evaluation
           SET state = ?, verdict = ?, axes = ?, revealed = revealed OR ?, judged_at = ?
         WHERE id = ?
        """,
        state,
        verdict,
        axes,
        reveal,
        now,
        id.value());
  }

  /// Adds an answer, and returns false if there is one.
  boolean answer(Tx tx, EvaluationId id, Answered answered) {
    return tx.update(
            """
            INSERT INTO evaluation_answer
                   (evaluation, trial, outcome, harm, content, tokens, microcents, millis, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            id.value(),
            answered.trial().key(),
            answered.outcome(),
            answered.harm(),
            answered.content(),
            answered.tokens(),
            answered.microcents(),
            answered.millis(),
            answered.at())
        == 1;
  }

  List<Answered> answers(Tx tx, EvaluationId id) {
    return tx.all(
        """
        SELECT trial, outcome, harm, content, tokens, microcents, millis, at
          FROM evaluation_answer
         WHERE evaluation = ?
        """,
        EvaluationStore::answered,
        id.value());
  }

  /// How many answers there are to each of some evaluations; those without any are not named.
  Map<String, Integer> answered(Tx tx, List<EvaluationId> ids) {
    var counts = new HashMap<String, Integer>();
    tx.each(
        """
        SELECT evaluation, count(*) AS answers
          FROM evaluation_answer
         WHERE evaluation = ANY (?::text[])
         GROUP BY evaluation
        """,
        row -> counts.put(row.text("evaluation"), (int) row.number("answers")),
        ids.stream().map(EvaluationId::value).toList());
    return counts;
  }

  /// The trials that are answered.
  Set<String> done(Tx tx, EvaluationId id) {
    return tx
        .all(
            "SELECT trial FROM evaluation_answer WHERE evaluation = ?",
            row -> row.text("trial"),
            id.value())
        .stream()
        .collect(Collectors.toSet());
  }

  /// Adds a label, and returns false if the person has given one.
  boolean label(Tx tx, EvaluationId id, Label label) {
    return tx.update(
            """
            INSERT INTO evaluation_label (evaluation, trial, by, label, at)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            id.value(),
            label.key(),
            label.by().value(),
            label.said(),
            label.at())
        == 1;
  }

  List<Label> labels(Tx tx, EvaluationId id) {
    return tx.all(
        "SELECT trial, by, label, at FROM evaluation_label WHERE evaluation = ? ORDER BY at, by",
        EvaluationStore::label,
        id.value());
  }

  private static Label label(Row row) {
    var trial = row.text("trial");
    int cut = trial.lastIndexOf('/');
    return new Label(
        trial.substring(0, cut),
        Trial.Side.valueOf(trial.substring(cut + 1).toUpperCase(Locale.ROOT)),
        new PersonName(row.text("by")),
        Label.Said.valueOf(row.text("label")),
        row.instant("at"));
  }

  private static Answered answered(Row row) {
    return new Answered(
        Trial.parse(row.text("trial")),
        Outcome.valueOf(row.text("outcome")),
        Harm.valueOf(row.text("harm")),
        row.text("content"),
        row.number("tokens"),
        row.number("microcents"),
        row.number("millis"),
        row.instant("at"));
  }

  private static Planned planned(Row row) {
    var verdict = row.maybeText("verdict").map(Verdict::valueOf);
    return new Planned(
        new EvaluationId(row.text("id")),
        row.text("origin"),
        Plan.parse(row.text("plan")),
        new BlindSample(row.text("secret")),
        row.flag("revealed"),
        Planned.State.valueOf(row.text("state")),
        verdict,
        verdict.isPresent() ? row.texts("axes") : List.of(),
        new PersonName(row.text("planned_by")),
        row.instant("planned_at"),
        row.maybeInstant("judged_at"),
        row.flag("wanted"),
        row.maybeInstant("leased_until"));
  }
}
