package dev.remit.server.tokens;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/// Operator tokens at rest: table `operator_token`, hashes only.
final class OperatorStore {

  static Digest hash(String token) {
    return Digest.of(token);
  }

  void add(
      Tx tx,
      Digest hash,
      PersonName person,
      PersonName by,
      Instant now,
      Optional<Instant> shownAt,
      Optional<Instant> expiresAt) {
    tx.update(
        """
        INSERT INTO operator_token (hash, person, issued_by, issued_at, shown_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        hash.bytes(),
        person.value(),
        by.value(),
        now,
        shownAt.orElse(null),
        expiresAt.orElse(null));
  }

  /// When the person showed who they are, for the token to be issued.
  Optional<Instant> shownAt(Tx tx, Digest hash) {
    return tx.one(
            "SELECT shown_at FROM operator_token WHERE hash = ?",
            row -> row.maybeInstant("shown_at"),
            hash.bytes())
        .flatMap(Function.identity());
  }

  Optional<PersonName> find(Tx tx, Digest hash, Instant now) {
    return tx.one(
        """
        SELECT person FROM operator_token
         WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)
        """,
        row -> new PersonName(row.text("person")),
        hash.bytes(),
        now);
  }

  int delete(Tx tx, PersonName person) {
    return tx.update("DELETE FROM operator_token WHERE person = ?", person.value());
  }
}
