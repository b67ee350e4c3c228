package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// What was planned, answered, labelled and concluded, for comparison with the ledger: so a result
/// that somebody edits after the run, or adds, or takes away, is found. Digests are computed from
/// what is stored.
public final class EvaluationRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, plan, candidate, baseline, blind, secret, revealed, state, verdict, axes,
               planned_by, planned_at
          FROM evaluation
        """,
        row -> each.accept(evaluation(row)));
    tx.each(
        "SELECT evaluation, trial, outcome, harm, content, at FROM evaluation_answer",
        row -> each.accept(answer(row)));
    tx.each(
        "SELECT evaluation, trial, by, label, at FROM evaluation_label",
        row -> each.accept(label(row)));
    tx.each(
        """
        SELECT name, candidate, approved, days, evidence, failed, asked, alarm, at
          FROM evaluation_probes
        """,
        row -> each.accept(probes(row)));
  }

  private static StateRow evaluation(Row row) {
    var evaluation =
        StateRow.of("evaluation", row.text("id"))
            .with("plan", Digest.of(row.text("plan")).value())
            .with("candidate", row.text("candidate"))
            .with("blind", row.text("blind"))
            .with("plannedBy", row.text("planned_by"))
            .with("plannedAt", row.instant("planned_at"))
            .with("state", word(row.text("state")));
    row.maybeText("baseline").ifPresent(digest -> evaluation.with("baseline", digest));
    row.maybeText("verdict")
        .ifPresent(
            verdict -> evaluation.with("verdict", word(verdict)).with("axes", row.texts("axes")));
    return row.flag("revealed") ? evaluation.with("secret", row.text("secret")) : evaluation;
  }

  private static StateRow answer(Row row) {
    return StateRow.of("evaluation-answer", row.text("evaluation") + " " + row.text("trial"))
        .with("outcome", word(row.text("outcome")))
        .with("harm", word(row.text("harm")))
        .with("answer", Digest.of(row.text("content")).value())
        .with("at", row.instant("at"));
  }

  private static StateRow label(Row row) {
    return StateRow.of(
            "evaluation-label",
            row.text("evaluation") + " " + row.text("trial") + " " + row.text("by"))
        .with("label", word(row.text("label")))
        .with("at", row.instant("at"));
  }

  private static StateRow probes(Row row) {
    return StateRow.of("probes", row.text("name"))
        .with("candidate", row.text("candidate"))
        .with("approved", row.text("approved"))
        .with("days", row.number("days"))
        .with("evidence", row.texts("evidence"))
        .with("failed", row.number("failed"))
        .with("asked", row.number("asked"))
        .with("alarm", row.flag("alarm"))
        .with("at", row.instant("at"));
  }

  private static String word(String constant) {
    return constant.toLowerCase(Locale.ROOT);
  }
}
