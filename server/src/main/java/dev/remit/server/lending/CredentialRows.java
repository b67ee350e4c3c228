package dev.remit.server.lending;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Which credentials there are and were, for comparison with the ledger: table `credential`.
public final class CredentialRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, task, subject, workflow, resource, profile, decision, role, host, port, database,
               state, reason, intended_at, expires_at, active_at, revoking_at, ended_at
          FROM credential
        """,
        row -> each.accept(credential(row)));
  }

  private static StateRow credential(Row row) {
    var host = row.text("host");
    var literal = host.contains(":") ? "[" + host + "]" : host;
    var told =
        StateRow.of("credential", row.text("id"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("task", row.text("task"))
            .with("identity", row.text("subject"))
            .with("workflow", row.text("workflow"))
            .with("resource", row.text("resource"))
            .with("profile", row.text("profile"))
            .with("role", row.text("role"))
            .with("of", row.text("decision"))
            .with("where", literal + ":" + row.number("port") + "/" + row.text("database"))
            .with("intendedAt", row.instant("intended_at"))
            .with("expiresAt", row.instant("expires_at"));
    for (var column : List.of("active", "revoking", "ended")) {
      var at = row.maybeInstant(column + "_at");
      told = at.isPresent() ? told.with(column + "At", at.get()) : told;
    }
    var reason = row.maybeText("reason");
    return reason.isPresent() ? told.with("reason", reason.get()) : told;
  }
}
