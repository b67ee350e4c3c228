package dev.remit.server.ledger;

/// Another process has opened this log since; whatever this one still wants to append is refused.
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FencedException(String origin) {
    super("another process has taken over the log `" + origin + "`; this one may not append");
  }
}
