package dev.remit.server;

import dev.remit.server.http.Problem;
import dev.remit.server.ledger.FencedException;
import dev.remit.server.ledger.LedgerDamagedException;
import dev.remit.server.store.CommitUnknown;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.NotCommitted;
import java.util.Optional;

/// Says in HTTP what is broken outside this process. What it does not know is a bug.
final class BrokenWorld {
  private BrokenWorld() {}

  static Optional<Problem> problem(RuntimeException e) {
    return switch (e) {
      case DatabaseUnavailable away -> Optional.of(away(away));
      case FencedException fenced ->
          Optional.of(
              new Problem(
                  503,
                  "log-taken-over",
                  String.valueOf(fenced.getMessage()),
                  "use the process that was started last, or stop it and restart this one"));
      case LedgerDamagedException damaged ->
          Optional.of(
              new Problem(
                  500,
                  "ledger-damaged",
                  String.valueOf(damaged.getMessage()),
                  "run `remit verify`; it names the place"));
      default -> Optional.empty();
    };
  }

  private static Problem away(DatabaseUnavailable away) {
    return switch (away) {
      case NotCommitted full when full.isFull() ->
          new Problem(
              503,
              "storage-full",
              "the database's disk is full; nothing was changed",
              "make room where the database keeps its data; nothing needs to be restarted");
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
