package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Optional;

/// Links at rest: table `secret_link`, with the digest of the link alone.
final class LinkStore {

  void add(Tx tx, Link link, byte[] code) {
    tx.update(
        """
        INSERT INTO secret_link (id, code, task, identity, resource, profile, secret, decision,
                                 offered_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        link.id().value(),
        code,
        link.task().value(),
        link.identity().value(),
        link.resource().value(),
        link.profile(),
        link.secret().value(),
        link.decision().value(),
        link.offeredAt(),
        link.expiresAt());
  }

  Optional<Link> find(Tx tx, byte[] code) {
    return tx.one(
        """
        SELECT id, task, identity, resource, profile, secret, decision, offered_at, expires_at,
               opened_at
          FROM secret_link WHERE code = ?
        """,
        LinkStore::link,
        code);
  }

  /// Uses it up; of two that try, one does.
  boolean use(Tx tx, CredentialId id, Instant at) {
    return tx.update(
            "UPDATE secret_link SET opened_at = ?"
                + " WHERE id = ? AND opened_at IS NULL AND expires_at > ?",
            at,
            id.value(),
            at)
        == 1;
  }

  private static Link link(Row row) {
    return new Link(
        new CredentialId(row.text("id")),
        new TaskId(row.text("task")),
        new SpiffeId(row.text("identity")),
        new ResourceName(row.text("resource")),
        row.text("profile"),
        new SecretName(row.text("secret")),
        new DecisionId(row.text("decision")),
        row.instant("offered_at"),
        row.instant("expires_at"),
        row.maybeInstant("opened_at"));
  }
}
