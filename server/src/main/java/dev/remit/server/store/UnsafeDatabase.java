package dev.remit.server.store;

/// This database must not hold evidence: it is too old, or set so that it may lose rows that it has
/// acknowledged. The message says what to set.
public final class UnsafeDatabase extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsafeDatabase(String message) {
    super(message);
  }
}
