package dev.remit.server.tokens;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.store.Tx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Authorization codes at rest: table `authorization_code`, hashes only. A row outlives its code,
/// so that a second use is noticed.
final class CodeStore {
  private static final Duration REMEMBERED_FOR = Duration.ofDays(1);

  /// What a code is good for, until when.
  record Held(Consent consent, TaskId task, OnBehalf onBehalf, Instant expiresAt) {}

  void add(Tx tx, Digest hash, Held held) {
    var consent = held.consent();
    tx.update(
        """
        INSERT INTO authorization_code (hash, task, client, redirect_uri, challenge, resource,
                                        person, epoch, identity, intent, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        hash.bytes(),
        held.task().value(),
        consent.client().toString(),
        consent.redirect(),
        consent.challenge(),
        consent.resource().toString(),
        consent.person().value(),
        held.onBehalf().epoch(),
        consent.identity().value(),
        consent.intent(),
        held.expiresAt());
  }

  Optional<Held> find(Tx tx, Digest hash) {
    return tx.one(
        """
        SELECT task, client, redirect_uri, challenge, resource, person, epoch, identity, intent,
               expires_at
          FROM authorization_code WHERE hash = ?
        """,
        row -> {
          var person = new PersonName(row.text("person"));
          return new Held(
              new Consent(
                  URI.create(row.text("client")),
                  row.text("redirect_uri"),
                  row.text("challenge"),
                  URI.create(row.text("resource")),
                  person,
                  new IdentityName(row.text("identity")),
                  row.text("intent")),
              new TaskId(row.text("task")),
              new OnBehalf(person, row.number("epoch"), row.text("client")),
              row.instant("expires_at"));
        },
        hash.bytes());
  }

  void prune(Tx tx, Instant now) {
    tx.update("DELETE FROM authorization_code WHERE expires_at <= ?", now.minus(REMEMBERED_FOR));
  }
}
