package dev.remit.server.registry;

import java.time.Instant;
import java.util.Optional;

/// Says of what is declared whether somebody has stopped it, so that lists can show it.
@FunctionalInterface
public interface Suspensions {

  /// Nothing is ever stopped.
  Suspensions NONE = _ -> Optional.empty();

  Optional<Suspension> of(Ref ref);

  /// That somebody has stopped it.
  ///
  /// @param by who said so
  record Suspension(String reason, String by, Instant since) {}
}
