package dev.remit.server.gateway.upstream;

import org.jspecify.annotations.Nullable;

/// An upstream could not be reached, fell silent, or broke off.
public final class UpstreamFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  public UpstreamFailure(Kind kind, String what, @Nullable Throwable cause) {
    super(what, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// What is known of the request when it fails.
  public enum Kind {
    /// Nothing was sent.
    UNREACHABLE,

    /// It was sent, and no answer came in time.
    SILENT,

    /// It was sent, and the answer broke off or was never one.
    BROKEN
  }
}
