package dev.remit.server;

import dev.remit.server.http.Problem;
import dev.remit.server.store.CommitUnknown;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.NotCommitted;
import java.util.Optional;

/// Says in HTTP what is broken outside this process. What it does not know is a bug.
final class BrokenWorld {
  private BrokenWorld() {}

  static Optional<Problem> problem(RuntimeException e) {
    return e instanceof DatabaseUnavailable away ? Optional.of(away(away)) : Optional.empty();
  }

  private static Problem away(DatabaseUnavailable away) {
    return switch (away) {
      case NotCommitted _ ->
          new Problem(
              503,
              "database-unavailable",
              "the database cannot be reached; nothing was changed",
              "repeat the request in a moment");
      case CommitUnknown _ ->
          new Problem(
              503,
              "outcome-unknown",
              "the database went away while it was storing this; it may or may not be stored",
              "look whether it happened before you repeat it");
    };
  }
}
