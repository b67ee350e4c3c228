package dev.remit.server.store;

import java.sql.SQLException;

/// Tells a database that cannot work now from a statement that was refused.
final class Lost {
  private Lost() {}

  /// Returns the exception to throw when a statement failed before its transaction was committed.
  static RuntimeException orRefused(String attempted, SQLException e) {
    return isConnection(e) ? new NotCommitted(attempted, e) : new StatementFailed(attempted, e);
  }

  /// Whether the connection or the server, not the statement, is at fault.
  ///
  /// Class 08 is a connection exception, 57P01 to 57P03 a server that is being shut down, has
  /// crashed or is not up yet, 53300 one that has no connection left, 53100 one whose disk is full,
  /// 25006 a standby that was promoted elsewhere and takes no writes.
  static boolean isConnection(SQLException e) {
    var state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("53300")
        || isFull(e)
        || state.equals("25006");
  }

  /// Whether the server has no room left for what it should keep.
  static boolean isFull(SQLException e) {
    return "53100".equals(e.getSQLState());
  }
}
