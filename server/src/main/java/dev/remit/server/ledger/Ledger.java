package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.Receipt;
import java.util.function.Function;

/// The one way to record something.
///
/// Safe for use by many threads; those that wait at the same time share one transaction.
@SuppressWarnings("DoNotCallSuggester")
public final class Ledger implements AutoCloseable {

  private Ledger() {}

  /// Records `entry` and returns once it is durable.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable; whether
  ///   it is in the ledger all the same is then unknown
  /// @throws FencedException when another process has taken the log over; this one must stop
  public Receipt append(Entry entry, Body... bodies) {
    throw new UnsupportedOperationException();
  }

  /// Records `entry` soon, without waiting: what was already promised by an earlier entry, such as
  /// the outcome of a decided call.
  ///
  /// Kept in memory until it is durable, also while the database is away; blocks while too many are
  /// waiting. Drained by [#close].
  public void submit(Entry entry, Body... bodies) {
    throw new UnsupportedOperationException();
  }

  /// Runs `work` and commits what it changed and what it recorded in one transaction.
  ///
  /// Runs on the sequencer's thread while nothing else is appended: keep it short, and never call
  /// the ledger from inside. Anything thrown by `work` rolls everything back and comes out.
  public <T> T transact(Function<Recording, T> work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
