package dev.remit.server.erasure;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// What may not be erased, for comparison with the ledger: table `legal_hold`. Why, in words, is
/// personal and left out.
public final class LegalHoldRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT id, kind, subject, placed_by, placed_at, lifted_by, lifted_at FROM legal_hold",
        row -> each.accept(hold(row)));
  }

  private static StateRow hold(Row row) {
    var lifted = row.maybeInstant("lifted_at");
    var hold =
        StateRow.of("legal-hold", row.text("id"))
            .with(row.text("kind"), row.text("subject"))
            .with("placedBy", row.text("placed_by"))
            .with("placedAt", row.instant("placed_at"))
            .with("lifted", lifted.isPresent());
    lifted.ifPresent(at -> hold.with("liftedAt", at));
    row.maybeText("lifted_by").ifPresent(by -> hold.with("liftedBy", by));
    return hold;
  }
}
