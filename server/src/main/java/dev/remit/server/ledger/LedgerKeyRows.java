package dev.remit.server.ledger;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// The keys that any log was ever signed with: table `ledger_key`.
final class LedgerKeyRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT vkey, created_at FROM ledger_key",
        row ->
            each.accept(
                StateRow.of("ledger-key", row.text("vkey"))
                    .with("createdAt", row.instant("created_at"))));
  }
}
