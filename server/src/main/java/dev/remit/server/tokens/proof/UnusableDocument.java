package dev.remit.server.tokens.proof;

/// A platform's document could not be had, or is not what it must be.
public final class UnusableDocument extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /// Says why, in words fit for a developer.
  public UnusableDocument(String reason) {
    super(reason);
    this.reason = reason;
  }

  /// Returns why, in words fit for the workload's developer.
  public String reason() {
    return reason;
  }
}
