package dev.remit.kernel.policy;

/// A policy in JSON form that is not one we can evaluate. Thrown while a policy is read, never
/// while it is evaluated.
public final class UnreadablePolicy extends RuntimeException {

  UnreadablePolicy(String message) {
    super(message);
  }
}
