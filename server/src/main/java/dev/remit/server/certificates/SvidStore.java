package dev.remit.server.certificates;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.certificates.Svid.State;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.ControlPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// X.509-SVIDs at rest: table `certificate`, one row each, never deleted and never with a key. Each
/// change of state names the state it leaves, so of two that try one does it.
final class SvidStore {
  private static final String COLUMNS =
      "id, task, token, identity, subject, workflow, owner, beside, epochs, authority, serial, key,"
          + " state, reason, intended_at, expires_at, active_at, thumbprint, revoking_at, ended_at";

  void add(Tx tx, Svid svid) {
    tx.update(
        """
        INSERT INTO certificate (id, task, token, identity, subject, workflow, owner, beside,
                                 epochs, authority, serial, key, state, intended_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        svid.id().value(),
        svid.task().value(),
        svid.token(),
        svid.identity().value(),
        svid.subject().value(),
        svid.workflow().value(),
        svid.owner().value(),
        svid.beside(),
        svid.epochs(),
        svid.authority(),
        svid.serial(),
        svid.key(),
        svid.state(),
        svid.intendedAt(),
        svid.expiresAt());
  }

  Optional<Svid> find(Tx tx, CredentialId id) {
    return tx.one(
        "SELECT " + COLUMNS + " FROM certificate WHERE id = ?", SvidStore::svid, id.value());
  }

  /// Returns the one that the authority has signed under this number.
  Optional<Svid> find(Tx tx, String authority, String serial) {
    return tx.one(
        "SELECT " + COLUMNS + " FROM certificate WHERE authority = ? AND serial = ?",
        SvidStore::svid,
        authority,
        serial);
  }

  /// Returns the newest, those that hold alone or all.
  List<Svid> list(Tx tx, Optional<TaskId> task, boolean alsoEnded, int max) {
    return tx.all(
        "SELECT "
            + COLUMNS
            + " FROM certificate WHERE task = COALESCE(?, task)"
            + " AND (? OR state IN ('INTENT', 'ACTIVE', 'REVOKING')) ORDER BY id DESC LIMIT ?",
        SvidStore::svid,
        task.map(TaskId::value).orElse(null),
        alsoEnded,
        max);
  }

  /// How many of the task somebody may still use.
  long left(Tx tx, TaskId task) {
    return tx.one(
            "SELECT count(*) AS n FROM certificate"
                + " WHERE task = ? AND state IN ('INTENT', 'ACTIVE', 'REVOKING')",
            row -> row.number("n"),
            task.value())
        .orElse(0L);
  }

  /// Those that hold, after `after` by id.
  List<Svid> heldAfter(Tx tx, String after, int max) {
    return tx.all(
        "SELECT "
            + COLUMNS
            + " FROM certificate"
            + " WHERE state IN ('INTENT', 'ACTIVE') AND id > ? ORDER BY id LIMIT ?",
        SvidStore::svid,
        after,
        max);
  }

  boolean activate(Tx tx, CredentialId id, String thumbprint, Instant at) {
    return tx.update(
            "UPDATE certificate SET state = 'ACTIVE', active_at = ?, thumbprint = ?"
                + " WHERE id = ? AND state = 'INTENT'",
            at,
            thumbprint,
            id.value())
        == 1;
  }

  /// Which certificates are to be taken away.
  sealed interface Which {
    record One(CredentialId id) implements Which {}

    record These(Collection<CredentialId> ids) implements Which {}

    record OfTask(TaskId task) implements Which {}

    record OfToken(String jti) implements Which {}

    record OfIdentity(String name) implements Which {}

    record OfWorkflow(String name) implements Which {}

    record OfOwner(String name) implements Which {}

    /// Whose token rested on it, such as `model/large-1`.
    record Resting(String on) implements Which {}

    record OfAuthority(String id) implements Which {}

    record All() implements Which {}

    /// Intended so long ago that whoever did has died.
    record Unfinished(Instant before) implements Which {}
  }

  /// Takes away at most `max` that hold.
  List<Svid> mark(Tx tx, Which which, String reason, Instant at, int max) {
    var said = new Said(reason, at, max);
    return switch (which) {
      case Which.One(var id) -> mark(tx, said, "id = ?", id.value());
      case Which.These(var ids) ->
          mark(tx, said, "id = ANY (?)", ids.stream().map(CredentialId::value).toList());
      case Which.OfTask(var task) -> mark(tx, said, "task = ?", task.value());
      case Which.OfToken(var jti) -> mark(tx, said, "token = ?", jti);
      case Which.OfIdentity(var name) -> mark(tx, said, "identity = ?", name);
      case Which.OfWorkflow(var name) -> mark(tx, said, "workflow = ?", name);
      case Which.OfOwner(var name) -> mark(tx, said, "owner = ?", name);
      case Which.Resting(var on) -> mark(tx, said, "? = ANY (beside)", on);
      case Which.OfAuthority(var id) -> mark(tx, said, "authority = ?", id);
      case Which.All() -> mark(tx, said, "true");
      case Which.Unfinished(var before) ->
          mark(tx, said, "state = 'INTENT' AND intended_at <= ?", before);
    };
  }

  private record Said(String reason, Instant at, int max) {}

  private static List<Svid> mark(Tx tx, Said said, String where, Object... which) {
    var arguments = new ArrayList<Object>(List.of(said.reason(), said.at()));
    arguments.addAll(Arrays.asList(which));
    arguments.add(said.max());
    return tx.all(
        "UPDATE certificate SET state = 'REVOKING', reason = ?, revoking_at = ?"
            + " WHERE id IN (SELECT id FROM certificate WHERE state IN ('INTENT', 'ACTIVE') AND "
            + where
            + " ORDER BY id LIMIT ? FOR UPDATE) RETURNING "
            + COLUMNS,
        SvidStore::svid,
        arguments.toArray());
  }

  /// Ends at most `max` whose time has come. What is being revoked is listed all the same.
  List<Svid> expire(Tx tx, Instant now, int max) {
    return tx.all(
        "UPDATE certificate SET state = 'EXPIRED', reason = 'expired', ended_at = ?"
            + " WHERE id IN (SELECT id FROM certificate WHERE state IN ('INTENT', 'ACTIVE')"
            + " AND expires_at <= ? ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING "
            + COLUMNS,
        SvidStore::svid,
        now,
        now,
        max);
  }

  /// Whether any is to be ended by time.
  boolean anyOver(Tx tx, Instant now, Instant unfinishedBefore) {
    return !tx.all(
            "SELECT 1 AS one FROM certificate WHERE state IN ('INTENT', 'ACTIVE')"
                + " AND (expires_at <= ? OR (state = 'INTENT' AND intended_at <= ?)) LIMIT 1",
            row -> row.number("one"),
            now,
            unfinishedBefore)
        .isEmpty();
  }

  /// What a list is made of: everything of the authority that was taken away, unless it expired
  /// before `since`.
  List<Svid> revoked(Tx tx, String authority, Instant since) {
    return tx.all(
        "SELECT "
            + COLUMNS
            + " FROM certificate WHERE authority = ? AND state IN ('REVOKING', 'REVOKED')"
            + " AND (state = 'REVOKING' OR expires_at > ?) ORDER BY serial",
        SvidStore::svid,
        authority,
        since);
  }

  boolean end(Tx tx, CredentialId id, Instant at) {
    return tx.update(
            "UPDATE certificate SET state = 'REVOKED', ended_at = ?"
                + " WHERE id = ? AND state = 'REVOKING'",
            at,
            id.value())
        == 1;
  }

  /// How many of those that were taken away since `begun` are on a list, and how many of all still
  /// hold for somebody.
  ControlPart.Look count(Tx tx, String where, String value, Instant begun) {
    return tx.one(
            "SELECT count(*) FILTER (WHERE state = 'REVOKED' AND revoking_at >= ?) AS gone,"
                + " count(*) FILTER (WHERE state IN ('INTENT', 'ACTIVE', 'REVOKING')) AS left_over"
                + " FROM certificate WHERE "
                + where
                + " AND (state <> 'EXPIRED')",
            row -> new ControlPart.Look(row.number("gone"), row.number("left_over")),
            begun,
            value)
        .orElseThrow();
  }

  private static Svid svid(Row row) {
    return new Svid(
        new CredentialId(row.text("id")),
        new TaskId(row.text("task")),
        row.text("token"),
        new IdentityName(row.text("identity")),
        new SpiffeId(row.text("subject")),
        new WorkflowName(row.text("workflow")),
        new PersonName(row.text("owner")),
        row.texts("beside"),
        row.number("epochs"),
        row.text("authority"),
        row.text("serial"),
        row.text("key"),
        State.valueOf(row.text("state")),
        row.maybeText("reason"),
        row.instant("intended_at"),
        row.instant("expires_at"),
        row.maybeInstant("active_at"),
        row.maybeText("thumbprint"),
        row.maybeInstant("revoking_at"),
        row.maybeInstant("ended_at"));
  }
}
