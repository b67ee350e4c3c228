package dev.remit.server.emergency;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// Which glass was broken, for comparison with the ledger: table `emergency`. The reason that
/// somebody wrote is a body of its entry and left out.
public final class EmergencyRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, state, workflow, identity, resource, tool, calls, used, seconds, requested_by,
               requested_at, lapses_at, answered_by, expires_at, review_by, reviewed_by,
               reviewed_at, justified
          FROM emergency
        """,
        row -> each.accept(emergency(row)));
  }

  private static StateRow emergency(Row row) {
    var emergency =
        StateRow.of("emergency", row.text("id"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("workflow", row.text("workflow"))
            .with("resource", row.text("resource"))
            .with("calls", row.number("calls"))
            .with("used", row.number("used"))
            .with("seconds", row.number("seconds"))
            .with("requestedBy", row.text("requested_by"))
            .with("requestedAt", row.instant("requested_at"))
            .with("lapsesAt", row.instant("lapses_at"));
    row.maybeText("identity").ifPresent(name -> emergency.with("identity", name));
    row.maybeText("tool").ifPresent(name -> emergency.with("tool", name));
    row.maybeText("answered_by").ifPresent(by -> emergency.with("answeredBy", by));
    row.maybeInstant("expires_at").ifPresent(at -> emergency.with("expiresAt", at));
    row.maybeInstant("review_by").ifPresent(at -> emergency.with("reviewBy", at));
    row.maybeText("reviewed_by")
        .ifPresent(by ->
            emergency
                .with("reviewedBy", by)
                .with("reviewedAt", row.instant("reviewed_at"))
                .with("justified", row.flag("justified")));
    return emergency;
  }
}
