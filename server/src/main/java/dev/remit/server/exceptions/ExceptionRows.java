package dev.remit.server.exceptions;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// Which findings are accepted, for comparison with the ledger: table `risk_exception`. The reason
/// that somebody wrote is a body of its entry and left out.
public final class ExceptionRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, finding, state, requested_by, seconds, requested_at, lapses_at, answered_by,
               expires_at, ended_by
          FROM risk_exception
        """,
        row -> each.accept(acceptance(row)));
  }

  private static StateRow acceptance(Row row) {
    var acceptance =
        StateRow.of("exception", row.text("id"))
            .with("finding", row.text("finding"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("requestedBy", row.text("requested_by"))
            .with("seconds", row.number("seconds"))
            .with("requestedAt", row.instant("requested_at"))
            .with("lapsesAt", row.instant("lapses_at"));
    row.maybeText("answered_by").ifPresent(by -> acceptance.with("answeredBy", by));
    row.maybeInstant("expires_at").ifPresent(at -> acceptance.with("expiresAt", at));
    row.maybeText("ended_by").ifPresent(by -> acceptance.with("endedBy", by));
    return acceptance;
  }
}
