package dev.remit.server.store;

import java.sql.SQLException;

/// The database could not take the transaction before its commit was sent, because the connection
/// was lost or there is no room: nothing of it is stored.
public final class NotCommitted extends DatabaseUnavailable {
  private static final long serialVersionUID = 1L;
  private final boolean full;

  NotCommitted(String attempted, SQLException cause) {
    this(attempted, cause, Lost.isFull(cause));
  }

  private NotCommitted(String attempted, SQLException cause, boolean full) {
    super(
        attempted
            + (full ? ": the database's disk is full" : ": database unavailable")
            + ", nothing was stored",
        cause);
    this.full = full;
  }

  /// Whether it is there and has no room left.
  public boolean isFull() {
    return full;
  }
}
