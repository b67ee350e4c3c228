package dev.remit.server.store;

/// The database could not be reached, or the connection broke while it was in use. The message
/// names what was attempted.
///
/// Which of the two it is decides what the caller may do: [NotCommitted] work can simply be done
/// again, [CommitUnknown] work must be looked up first.
public abstract sealed class DatabaseUnavailable extends RuntimeException
    permits NotCommitted, CommitUnknown {
  private static final long serialVersionUID = 1L;

  DatabaseUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
