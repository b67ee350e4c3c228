package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Optional;

/// Sessions at rest: table `sign_in_session`, hashes only.
final class SessionStore {

  /// @param epoch the person's when they signed in
  /// @param shownAt when they showed who they are, as far as it is known
  record Held(
      PersonName person,
      long epoch,
      String how,
      Instant startedAt,
      Optional<Instant> shownAt,
      Instant seenAt,
      Instant endsAt) {}

  void add(Tx tx, Digest hash, Held held) {
    tx.update(
        """
        INSERT INTO sign_in_session (hash, person, epoch, how, started_at, shown_at, seen_at,
                                     ends_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        hash.bytes(),
        held.person().value(),
        held.epoch(),
        held.how(),
        held.startedAt(),
        held.shownAt().orElse(null),
        held.seenAt(),
        held.endsAt());
  }

  Optional<Held> find(Tx tx, Digest hash) {
    return tx.one(
        """
        SELECT person, epoch, how, started_at, shown_at, seen_at, ends_at
          FROM sign_in_session WHERE hash = ?
        """,
        row ->
            new Held(
                new PersonName(row.text("person")),
                row.number("epoch"),
                row.text("how"),
                row.instant("started_at"),
                row.maybeInstant("shown_at"),
                row.instant("seen_at"),
                row.instant("ends_at")),
        hash.bytes());
  }

  void seen(Tx tx, Digest hash, Instant now) {
    tx.update("UPDATE sign_in_session SET seen_at = ? WHERE hash = ?", now, hash.bytes());
  }

  boolean delete(Tx tx, Digest hash) {
    return tx.update("DELETE FROM sign_in_session WHERE hash = ?", hash.bytes()) > 0;
  }

  void prune(Tx tx, Instant now, Instant idleSince) {
    tx.update("DELETE FROM sign_in_session WHERE ends_at <= ? OR seen_at <= ?", now, idleSince);
  }
}
