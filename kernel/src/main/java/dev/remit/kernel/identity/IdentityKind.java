package dev.remit.kernel.identity;

/// What sort of workload an identity is; the more dynamic, the shorter its credentials.
public enum IdentityKind implements Word {
  /// A deployed program that calls what it was written to call.
  SERVICE,

  /// A scheduled or triggered job.
  AUTOMATION,

  /// A model that answers people and calls nothing by itself.
  CHATBOT,

  /// A model that chooses and calls tools.
  AGENT
}
