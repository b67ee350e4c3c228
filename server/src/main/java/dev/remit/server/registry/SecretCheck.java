package dev.remit.server.registry;

import java.util.Optional;

/// What the registry asks of the secrets store: whether something is kept under a name, and what
/// speaks against using it. The value is never seen here.
@FunctionalInterface
public interface SecretCheck {
  boolean exists(String name);

  /// Says in one sentence that what is kept is a person's own, if it is.
  default Optional<String> personal(String name) {
    return Optional.empty();
  }
}
