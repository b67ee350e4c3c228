package dev.remit.server.changes;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.change.Fingerprint;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// Changes and their evaluations, for comparison with the ledger: tables `model_change` and
/// `model_change_evaluation`. The fingerprint is computed from the stored parts.
public final class ChangeRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each("SELECT * FROM model_change", row -> each.accept(change(row)));
    tx.each("SELECT * FROM model_change_evaluation", row -> each.accept(evaluation(row)));
  }

  private static StateRow change(Row row) {
    var fingerprint = Fingerprint.read(ChangeStore.object(row.text("parts")));
    var change =
        StateRow.of("model-change", row.text("id"))
            .with("identity", row.text("identity"))
            .with("workflow", row.text("workflow"))
            .with("model", row.text("model"))
            .with("origin", word(row.text("origin")))
            .with("state", word(row.text("state")))
            .with("fingerprint", fingerprint.digest().value())
            .with("declared", fingerprint.declared().digest().value())
            .with("requestedBy", row.text("requested_by"))
            .with("openedAt", row.instant("opened_at"));
    row.maybeText("before").ifPresent(id -> change.with("before", id));
    row.maybeText("class")
        .ifPresent(name ->
            change
                .with("class", word(name))
                .with("axes", row.texts("axes"))
                .with("suspends", row.texts("suspends"))
                .with("suites", row.texts("suites"))
                .with("triggers", row.text("triggers"))
                .with(
                    "assessment",
                    CanonicalJson.digest(ChangeStore.object(row.text("assessment"))).value()));
    row.maybeText("approved_by").ifPresent(by -> change.with("approvedBy", by));
    row.maybeInstant("expires_at").ifPresent(at -> change.with("expiresAt", at));
    return change;
  }

  private static StateRow evaluation(Row row) {
    var evaluation =
        StateRow.of("change-evaluation", row.text("change_id") + " " + row.text("suite"))
            .with("run", row.text("run"))
            .with("verdict", word(row.text("verdict")))
            .with("by", row.text("by"))
            .with("at", row.instant("at"));
    row.maybeText("how").ifPresent(how -> evaluation.with("how", word(how)));
    row.maybeText("plan").ifPresent(plan -> evaluation.with("plan", plan));
    return evaluation;
  }

  private static String word(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
