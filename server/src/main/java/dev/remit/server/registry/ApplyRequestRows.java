package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// Applies that waited for a second person, for comparison with the ledger: table `apply_request`.
/// What was to be applied is told as its digest, computed here.
public final class ApplyRequestRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each("SELECT * FROM apply_request", row -> each.accept(request(row)));
  }

  private static StateRow request(Row row) {
    var request =
        StateRow.of("apply-request", row.text("id"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("requestedBy", row.text("requested_by"))
            .with("what", Digest.of(row.text("what")).value())
            .with("version", row.number("version"))
            .with("digest", row.text("digest"))
            .with("why", row.text("why"))
            .with("changes", row.number("changes"))
            .with("requestedAt", row.instant("requested_at"))
            .with("lapsesAt", row.instant("lapses_at"));
    row.maybeText("answered_by").ifPresent(by -> request.with("answeredBy", by));
    return request;
  }
}
