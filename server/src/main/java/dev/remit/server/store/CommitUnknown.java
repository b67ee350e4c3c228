package dev.remit.server.store;

/// The connection was lost after the commit was sent and before it was answered: the transaction is
/// stored entirely or not at all, and only reading it back can tell.
public final class CommitUnknown extends DatabaseUnavailable {
  private static final long serialVersionUID = 1L;

  CommitUnknown(String attempted, Throwable cause) {
    super(attempted + ": database unavailable, the commit may or may not have been stored", cause);
  }
}
