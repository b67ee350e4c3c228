package dev.remit.server.ledger;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// How many governance changes there were: table `ledger_change`. The last number that an entry
/// carries must be this one, or the newest change was taken out of its log.
final class ChangeRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT last FROM ledger_change WHERE last > 0",
        row -> each.accept(StateRow.of("changes", "changes").with("last", row.number("last"))));
  }
}
