package dev.remit.server.gateway;

import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.CommitHook;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Fails one commit in either of its two ways: the first of a transaction that has done a certain
/// thing, as a query inside it tells. Every other one is committed.
public final class CommitFaultWhen implements CommitHook {
  private record Due(Fault fault, String query) {}

  private final AtomicReference<@Nullable Due> due = new AtomicReference<>();
  private final CommitFaults faults = new CommitFaults();

  /// Fails the next commit of a transaction in which `query` gives a row.
  ///
  /// @param query gives a row exactly in the transaction that is meant
  public void fail(Fault fault, String query) {
    due.set(new Due(fault, query));
  }

  public boolean hasFailed() {
    return due.get() == null;
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    var now = due.get();
    if (now != null && gives(connection, now.query()) && due.compareAndSet(now, null)) {
      faults.failNext(now.fault());
      faults.commit(connection);
    } else {
      connection.commit();
    }
  }

  private static boolean gives(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }
}
