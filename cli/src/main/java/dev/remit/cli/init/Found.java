package dev.remit.cli.init;

import java.util.Optional;

/// What became of one configured server.
sealed interface Found {

  /// Returns the name the client knows it by.
  String name();

  /// Listed, and ready to be declared.
  ///
  /// @param resource its name in Remit
  record Listed(String name, String resource, Upstream upstream, Listing listing)
      implements Found {}

  /// Goes through Remit already.
  record Governed(String name) implements Found {}

  /// Stays as it is.
  record LeftAlone(String name, String why) implements Found {}

  default Optional<Listed> listed() {
    return this instanceof Listed listed ? Optional.of(listed) : Optional.empty();
  }
}
