package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Optional;

/// Sign-ins that are under way at the identity provider: table `sign_in_attempt`.
final class AttemptStore {

  /// @param browser that began it, and must end it
  /// @param next where to go afterwards
  /// @param again who has to sign in, of whom it is known already; empty for anybody
  record Attempt(
      Digest browser, String nonce, String verifier, String next, Optional<PersonName> again) {}

  void add(Tx tx, Digest state, Attempt attempt, Instant expiresAt, Instant now) {
    tx.update("DELETE FROM sign_in_attempt WHERE expires_at <= ?", now);
    tx.update(
        """
        INSERT INTO sign_in_attempt (state, browser, nonce, verifier, next, person, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        state.bytes(),
        attempt.browser().bytes(),
        attempt.nonce(),
        attempt.verifier(),
        attempt.next(),
        attempt.again().map(PersonName::value).orElse(null),
        expiresAt);
  }

  /// Takes an attempt of this browser; nobody gets it a second time.
  Optional<Attempt> take(Tx tx, Digest state, Digest browser, Instant now) {
    return tx.one(
        """
        DELETE FROM sign_in_attempt WHERE state = ? AND browser = ? AND expires_at > ?
        RETURNING nonce, verifier, next, person
        """,
        row ->
            new Attempt(
                browser,
                row.text("nonce"),
                row.text("verifier"),
                row.text("next"),
                row.maybeText("person").map(PersonName::new)),
        state.bytes(),
        browser.bytes(),
        now);
  }
}
