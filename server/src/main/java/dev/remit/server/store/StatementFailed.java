package dev.remit.server.store;

import java.sql.SQLException;

/// The database is there and said no to a statement: a broken constraint, a conflict, or a mistake
/// in the SQL. The transaction is rolled back.
public final class StatementFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String state;

  StatementFailed(String attempted, SQLException cause) {
    super(attempted + ": " + cause.getMessage(), cause);
    this.state = cause.getSQLState() == null ? "" : cause.getSQLState();
  }

  /// The five-character SQLSTATE, or empty where the driver gave none.
  public String state() {
    return state;
  }

  /// Whether a row with the same key is already there.
  public boolean isDuplicate() {
    return state.equals("23505");
  }

  /// Whether another transaction got in the way and the same work may succeed when repeated.
  public boolean isConflict() {
    return state.equals("40001") || state.equals("40P01");
  }
}
