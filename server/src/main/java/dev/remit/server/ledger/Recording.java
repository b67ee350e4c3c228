package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import dev.remit.server.store.Tx;

/// A transaction in which state changes together with the entries that say so.
///
/// Valid only inside the function that [Ledger#transact] hands it to.
public interface Recording {

  /// The transaction to change state in.
  Tx tx();

  /// Adds an entry, to be committed with the state or not at all.
  void append(Entry entry, Body... bodies);
}
