package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Local accounts at rest, with their invitations and what slows down guessing.
final class AccountStore {
  private static final Duration FORGET_FAILURES_AFTER = Duration.ofDays(1);

  Optional<String> hash(Tx tx, PersonName person) {
    return tx.one(
        "SELECT hash FROM sign_in_account WHERE person = ?",
        row -> row.text("hash"),
        person.value());
  }

  void set(Tx tx, PersonName person, String hash, PersonName by, Instant now) {
    tx.update(
        """
        INSERT INTO sign_in_account (person, hash, set_by, set_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (person) DO UPDATE
          SET hash = EXCLUDED.hash, set_by = EXCLUDED.set_by, set_at = EXCLUDED.set_at
        """,
        person.value(),
        hash,
        by.value(),
        now);
    tx.update("DELETE FROM sign_in_session WHERE person = ?", person.value());
  }

  /// An invitation.
  record Link(PersonName person, PersonName by) {}

  void add(Tx tx, Digest hash, Link link, Instant expiresAt, Instant now) {
    tx.update(
        "DELETE FROM sign_in_link WHERE person = ? OR expires_at <= ?", link.person().value(), now);
    tx.update(
        "INSERT INTO sign_in_link (hash, person, issued_by, expires_at) VALUES (?, ?, ?, ?)",
        hash.bytes(),
        link.person().value(),
        link.by().value(),
        expiresAt);
  }

  Optional<Link> find(Tx tx, Digest hash, Instant now) {
    return tx.one(
        "SELECT person, issued_by FROM sign_in_link WHERE hash = ? AND expires_at > ?",
        row -> new Link(new PersonName(row.text("person")), new PersonName(row.text("issued_by"))),
        hash.bytes(),
        now);
  }

  /// Takes an invitation, which nobody else gets then.
  Optional<Link> take(Tx tx, Digest hash, Instant now) {
    return tx.one(
        """
        DELETE FROM sign_in_link WHERE hash = ? AND expires_at > ? RETURNING person, issued_by
        """,
        row -> new Link(new PersonName(row.text("person")), new PersonName(row.text("issued_by"))),
        hash.bytes(),
        now);
  }

  /// Counts a try before it is made, so that many at once are counted too.
  ///
  /// @return whether it may be made: after five wrong ones in a row each needs a pause, of a second
  ///   at first and twice as long each time, 15 minutes at most
  boolean mayTry(Tx tx, PersonName name, Instant now) {
    tx.update("DELETE FROM sign_in_failure WHERE last_at <= ?", now.minus(FORGET_FAILURES_AFTER));
    return tx.one(
            """
            INSERT INTO sign_in_failure AS f (name, failures, last_at) VALUES (?, 1, ?)
            ON CONFLICT (name) DO UPDATE SET failures = f.failures + 1, last_at = EXCLUDED.last_at
             WHERE f.failures < 5
                OR f.last_at + LEAST(900, power(2, LEAST(f.failures - 5, 10)))
                               * interval '1 second' <= EXCLUDED.last_at
            RETURNING failures
            """,
            row -> row.number("failures"),
            name.value(),
            now)
        .isPresent();
  }

  void forgetFailures(Tx tx, PersonName name) {
    tx.update("DELETE FROM sign_in_failure WHERE name = ?", name.value());
  }
}
