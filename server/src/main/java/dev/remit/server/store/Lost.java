package dev.remit.server.store;

import java.sql.SQLException;

/// Tells a connection that broke from a statement that was refused.
final class Lost {
  private Lost() {}

  /// Returns the exception to throw when a statement failed before its transaction was committed.
  static RuntimeException orRefused(String attempted, SQLException e) {
    return isConnection(e) ? new NotCommitted(attempted, e) : new StatementFailed(attempted, e);
  }

  /// Whether the connection, not the statement, is at fault.
  ///
  /// Class 08 is a connection exception, 57P01 to 57P03 a server that is being shut down, has
  /// crashed or is not up yet, 53300 one that has no connection left, 25006 a standby that was
  /// promoted elsewhere and takes no writes.
  static boolean isConnection(SQLException e) {
    var state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("53300")
        || state.equals("25006");
  }
}
