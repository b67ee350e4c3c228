package dev.remit.server.ledger;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// Tables whose every row the ledger has told of. Each feature reads its own.
///
/// What is read is what SQL says, as text and numbers: a row that somebody has edited into
/// something that no type would take is still told, and never an exception.
@FunctionalInterface
public interface Governed {

  /// Hands over every row, in any order.
  void rows(Tx tx, Consumer<StateRow> each);
}
