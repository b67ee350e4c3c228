package dev.remit.server.inspection;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// What is looked for as a canary, for comparison with the ledger: table `canary`. Its value, and
/// where it was put in words, are left out.
public final class CanaryRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, kind, name, owner, planted, planted_by, planted_at, retired_by, retired_at,
               wrapped
          FROM canary
        """,
        row -> each.accept(canary(row)));
  }

  private static StateRow canary(Row row) {
    var retired = row.maybeInstant("retired_at");
    var canary =
        StateRow.of("canary", row.text("id"))
            .with(row.text("kind"), row.text("name"))
            .with("owner", row.text("owner"))
            .with("planted", row.flag("planted"))
            .with("plantedBy", row.text("planted_by"))
            .with("plantedAt", row.instant("planted_at"))
            .with("sealed", Canaries.sealed(row.bytes("wrapped")))
            .with("retired", retired.isPresent());
    retired.ifPresent(at -> canary.with("retiredAt", at));
    row.maybeText("retired_by").ifPresent(by -> canary.with("retiredBy", by));
    return canary;
  }
}
