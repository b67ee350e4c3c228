package dev.remit.server.tokens;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.store.Tx;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// Refresh tokens at rest: table `refresh_token`, hashes only. A row stays after its use, so that a
/// second one is noticed; it goes with its task.
final class RefreshStore {

  /// With what a token's successor is asked for.
  ///
  /// @param holder the key or certificate to which the token is bound, and this with it (RFC 9449,
  ///   section 5)
  record Next(Digest hash, URI resource, OnBehalf onBehalf, Optional<String> holder) {}

  /// What a refresh token is good for.
  record Held(
      TaskId task,
      URI resource,
      OnBehalf onBehalf,
      IdentityName identity,
      Optional<String> holder,
      Instant expiresAt) {}

  void add(Tx tx, Next next, Task task) {
    tx.update(
        """
        INSERT INTO refresh_token (hash, task, client, resource, person, epoch, identity,
                                   holder, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        next.hash().bytes(),
        task.id().value(),
        next.onBehalf().client(),
        next.resource().toString(),
        next.onBehalf().person().value(),
        next.onBehalf().epoch(),
        task.identity().value(),
        next.holder().orElse(null),
        task.scope().expiresAt());
  }

  Optional<Held> find(Tx tx, Digest hash) {
    return tx.one(
        """
        SELECT task, client, resource, person, epoch, identity, holder, expires_at
          FROM refresh_token WHERE hash = ?
        """,
        row ->
            new Held(
                new TaskId(row.text("task")),
                URI.create(row.text("resource")),
                new OnBehalf(
                    new PersonName(row.text("person")), row.number("epoch"), row.text("client")),
                new IdentityName(row.text("identity")),
                row.maybeText("holder"),
                row.instant("expires_at")),
        hash.bytes());
  }

  void prune(Tx tx, Instant now) {
    tx.update("DELETE FROM refresh_token WHERE expires_at <= ?", now);
  }
}
