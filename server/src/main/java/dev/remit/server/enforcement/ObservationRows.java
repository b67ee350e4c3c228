package dev.remit.server.enforcement;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// Whether policy was enforced, for comparison with the ledger: table `enforcement`. The reason
/// that somebody wrote is a body of its entry and left out.
public final class ObservationRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, state, requested_by, seconds, requested_at, lapses_at, answered_by, expires_at
          FROM enforcement
        """,
        row -> each.accept(observation(row)));
  }

  private static StateRow observation(Row row) {
    var observation =
        StateRow.of("enforcement", row.text("id"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("requestedBy", row.text("requested_by"))
            .with("seconds", row.number("seconds"))
            .with("requestedAt", row.instant("requested_at"))
            .with("lapsesAt", row.instant("lapses_at"));
    row.maybeText("answered_by").ifPresent(by -> observation.with("answeredBy", by));
    row.maybeInstant("expires_at").ifPresent(at -> observation.with("expiresAt", at));
    return observation;
  }
}
