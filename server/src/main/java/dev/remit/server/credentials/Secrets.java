package dev.remit.server.credentials;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The stored secrets, by name.
@SuppressWarnings("DoNotCallSuggester")
public final class Secrets {

  /// Stores `value` under `name`, replacing what was there.
  ///
  /// @param rotate whether it was found lying about and should be replaced at its source
  public void put(SecretName name, SecretValue value, boolean rotate, String by, Instant now) {
    throw new UnsupportedOperationException("being built");
  }

  /// Returns the value, for one call; empty if nothing is stored under `name`.
  public Optional<SecretValue> open(SecretName name) {
    throw new UnsupportedOperationException("being built");
  }

  /// Returns what is stored, without the values, by name.
  public List<StoredSecret> names() {
    throw new UnsupportedOperationException("being built");
  }

  /// Forgets the value for good and says whether there was one.
  public boolean delete(SecretName name, String by, Instant now) {
    throw new UnsupportedOperationException("being built");
  }
}
