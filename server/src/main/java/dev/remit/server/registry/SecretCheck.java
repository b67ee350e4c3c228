package dev.remit.server.registry;

/// What the registry asks of the secrets store: whether something is kept under a name. The value
/// is never seen here.
@FunctionalInterface
public interface SecretCheck {
  boolean exists(String name);
}
