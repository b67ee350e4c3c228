package dev.remit.kernel.policy;

/// What a satisfied policy does.
public enum Effect {
  PERMIT,
  FORBID
}
