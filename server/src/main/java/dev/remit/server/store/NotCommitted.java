package dev.remit.server.store;

/// The connection was lost before the commit was sent: nothing of this transaction is stored.
public final class NotCommitted extends DatabaseUnavailable {
  private static final long serialVersionUID = 1L;

  NotCommitted(String attempted, Throwable cause) {
    super(attempted + ": database unavailable, nothing was stored", cause);
  }
}
