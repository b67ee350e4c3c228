package dev.remit.server.store.embedded;

/// The private PostgreSQL cannot run. The message says why and what to do about it.
public final class PostgresNotStarted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PostgresNotStarted(String message) {
    super(message);
  }

  PostgresNotStarted(String message, Throwable cause) {
    super(message, cause);
  }
}
