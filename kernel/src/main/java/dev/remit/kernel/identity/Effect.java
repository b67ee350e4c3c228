package dev.remit.kernel.identity;

/// What a tool can do to the world, as declared and reviewed.
public enum Effect implements Word {
  /// Returns data and changes nothing.
  READ,

  /// Creates or changes data.
  WRITE,

  /// Deletes or overwrites what may not come back.
  DESTRUCTIVE,

  /// Reads, creates or changes secrets.
  SECRETS,

  /// Opens or changes tickets that people or machines act on.
  TICKETS,

  /// Reaches a cloud provider's control plane.
  CLOUD_API,

  /// Runs code that somebody else wrote.
  CODE_EXECUTION
}
