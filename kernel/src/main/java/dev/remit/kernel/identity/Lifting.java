package dev.remit.kernel.identity;

/// By what an answer of policy is recorded and not enforced: by an observation, for all calls, or
/// by an emergency, for a few.
public sealed interface Lifting permits EnforcementId, EmergencyId {

  /// The id, whose prefix tells which it is.
  String value();
}
