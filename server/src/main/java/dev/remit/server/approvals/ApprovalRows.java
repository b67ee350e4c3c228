package dev.remit.server.approvals;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// Held calls and their answers, for comparison with the ledger: tables `approval`,
/// `approval_agreement` and `approval_allowance`.
///
/// What an approval is bound to is told twice: as stated, and computed here from the columns that
/// it covers. What people wrote and what they were shown is left out.
public final class ApprovalRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each("SELECT * FROM approval", row -> each.accept(approval(row)));
    tx.each("SELECT * FROM approval_agreement", row -> each.accept(agreement(row)));
    tx.each("SELECT * FROM approval_allowance", row -> each.accept(allowance(row)));
  }

  private static StateRow agreement(Row row) {
    var agreement =
        StateRow.of("agreement", row.text("approval") + " " + row.text("person"))
            .with("roles", row.texts("roles"))
            .with("uses", row.number("uses"))
            .with("free", row.texts("free"))
            .with("at", row.instant("agreed_at"));
    row.maybeInstant("until").ifPresent(until -> agreement.with("until", until));
    row.maybeText("stands_in_for").ifPresent(name -> agreement.with("for", name));
    return agreement;
  }

  private static StateRow allowance(Row row) {
    var allowance =
        StateRow.of("allowance", row.text("approval"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("covers", row.text("covers"))
            .with("fixed", row.text("fixed"))
            .with("free", row.texts("free"))
            .with("uses", row.number("uses"))
            .with("until", row.instant("until"));
    row.maybeInstant("ended_at").ifPresent(at -> allowance.with("endedAt", at));
    return allowance;
  }

  private static StateRow approval(Row row) {
    var stated = row.text("bound");
    var approval =
        StateRow.of("approval", row.text("id"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("of", row.text("decision"))
            .with("identity", row.text("spiffe_id"))
            .with("workflow", row.text("workflow"))
            .with("task", row.text("task"))
            .with("intent", row.text("intent"))
            .with("method", row.text("method"))
            .with("resource", row.text("resource"))
            .with("bound", stated.equals(bound(row)) ? stated : stated + " over other columns")
            .with("assumptions", JsonMapper.shared().readTree(row.text("assumptions")))
            .with("policies", row.text("policies"))
            .with("because", row.texts("because"))
            .with("roles", row.texts("roles"))
            .with("nonce", row.text("nonce"))
            .with("openedAt", row.instant("opened_at"))
            .with("lapsesAt", row.instant("lapses_at"));
    if (!row.text("definition").isEmpty()) {
      approval.with("definition", row.text("definition"));
    }
    if (!row.text("request").isEmpty()) {
      var request = row.text("request");
      approval
          .with("request", request.equals(request(row)) ? request : request + " over other columns")
          .with("terms", JsonMapper.shared().readTree(row.text("terms")));
    }
    row.maybeText("under").ifPresent(under -> approval.with("under", under));
    row.maybeInstant("reminded_at").ifPresent(at -> approval.with("remindedAt", at));
    row.maybeInstant("escalated_at").ifPresent(at -> approval.with("escalatedAt", at));
    row.maybeText("settled_by").ifPresent(by -> approval.with("settledBy", by));
    row.maybeInstant("settled_at").ifPresent(at -> approval.with("settledAt", at));
    return approval;
  }

  private static String request(Row row) {
    return Binding.digest(
            row.text("identity"),
            row.text("spiffe_id"),
            row.text("workflow"),
            row.text("task"),
            row.text("intent"),
            row.text("method"),
            row.text("resource"),
            row.text("item"),
            row.text("arguments"))
        .value();
  }

  private static String bound(Row row) {
    return Binding.digest(
            row.text("identity"),
            row.text("spiffe_id"),
            row.text("workflow"),
            row.text("task"),
            row.text("intent"),
            row.text("asker"),
            row.text("method"),
            row.text("resource"),
            row.text("item"),
            row.text("server"),
            row.text("definition"),
            row.text("arguments"),
            row.text("policies"))
        .value();
  }
}
