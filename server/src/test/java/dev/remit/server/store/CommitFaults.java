package dev.remit.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Commits normally until told to fail the next one, in one of the two ways a commit can fail. To
/// the caller both look the same: [CommitUnknown].
public final class CommitFaults implements CommitHook {

  /// What became of a commit whose answer never arrived.
  public enum Fault {
    /// The connection broke before the server saw the commit: nothing is stored.
    LOST,
    /// The server committed and the connection broke before it said so: everything is stored.
    STORED
  }

  private final AtomicReference<@Nullable Fault> next = new AtomicReference<>();
  private final AtomicInteger passing = new AtomicInteger();

  public void failNext(Fault fault) {
    failAfter(0, fault);
  }

  /// Lets so many commits pass before the one that fails.
  public void failAfter(int commits, Fault fault) {
    passing.set(commits);
    next.set(fault);
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    var fault = next.get() != null && passing.getAndDecrement() > 0 ? null : next.getAndSet(null);
    switch (fault) {
      case null -> connection.commit();
      case LOST -> {
        connection.rollback();
        throw broken(fault);
      }
      case STORED -> {
        connection.commit();
        throw broken(fault);
      }
    }
  }

  private static SQLException broken(Fault fault) {
    return new SQLException("provoked by a test: commit " + fault, "08006");
  }
}
