package dev.remit.server.evaluations;

/// A suite, or somebody else's results, cannot be used; the message says where and why.
public final class UnreadableSuite extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnreadableSuite(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
