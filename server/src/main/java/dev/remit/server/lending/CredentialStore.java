package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.lending.Lent.State;
import dev.remit.server.lending.postgres.Place;
import dev.remit.server.registry.Upstream;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.ControlPart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Credentials at rest: table `credential`, one row each, never deleted and never with a password.
/// Each change of state names the state it leaves, so of two that try one does it.
final class CredentialStore {
  private static final String COLUMNS =
      "id, task, identity, subject, workflow, owner, epochs, resource, profile, decision, role,"
          + " host, port, database, administrator, secret, tls, state, reason, intended_at,"
          + " expires_at, active_at, revoking_at, ended_at, attempts, last_error";

  void add(Tx tx, Lent lent) {
    tx.update(
        """
        INSERT INTO credential (id, task, identity, subject, workflow, owner, epochs, resource,
                                profile, decision, role, host, port, database, administrator,
                                secret, tls, state, intended_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        lent.id().value(),
        lent.task().value(),
        lent.identity().value(),
        lent.subject().value(),
        lent.workflow().value(),
        lent.owner().value(),
        lent.epochs(),
        lent.resource().value(),
        lent.profile(),
        lent.decision().value(),
        lent.role(),
        lent.place().host(),
        lent.place().port(),
        lent.place().database(),
        lent.place().administrator(),
        lent.place().secret(),
        lent.place().tls().name(),
        lent.state(),
        lent.intendedAt(),
        lent.expiresAt());
  }

  Optional<Lent> find(Tx tx, CredentialId id) {
    return tx.one(
        "SELECT " + COLUMNS + " FROM credential WHERE id = ?", CredentialStore::lent, id.value());
  }

  /// What is listed.
  record Query(
      Optional<TaskId> task, Optional<ResourceName> resource, boolean alsoEnded, int max) {}

  List<Lent> list(Tx tx, Query query) {
    return tx.all(
        "SELECT "
            + COLUMNS
            + """
               FROM credential
              WHERE task = COALESCE(?, task) AND resource = COALESCE(?, resource)
                AND (? OR state <> 'REVOKED')
              ORDER BY id DESC LIMIT ?
            """,
        CredentialStore::lent,
        query.task().map(TaskId::value).orElse(null),
        query.resource().map(ResourceName::value).orElse(null),
        query.alsoEnded(),
        query.max());
  }

  /// The newest of an identity.
  List<Lent> of(Tx tx, IdentityName identity, int max) {
    return tx.all(
        "SELECT " + COLUMNS + " FROM credential WHERE identity = ? ORDER BY id DESC LIMIT ?",
        CredentialStore::lent,
        identity.value(),
        max);
  }

  /// How many credentials of the task are not gone.
  long left(Tx tx, TaskId task) {
    return tx.one(
            "SELECT count(*) AS n FROM credential WHERE task = ? AND state <> 'REVOKED'",
            row -> row.number("n"),
            task.value())
        .orElse(0L);
  }

  /// Those that somebody may still have, after `after` by id.
  List<Lent> lentAfter(Tx tx, String after, int max) {
    return tx.all(
        "SELECT "
            + COLUMNS
            + " FROM credential WHERE state IN ('INTENT', 'ACTIVE') AND id > ? ORDER BY id LIMIT ?",
        CredentialStore::lent,
        after,
        max);
  }

  /// How many of those that were taken away since `begun`, of all of `column`'s values, are gone,
  /// and how many are not.
  ControlPart.Look count(Tx tx, String column, List<String> values, Instant begun) {
    return tx.one(
            "SELECT count(*) FILTER (WHERE state = 'REVOKED') AS gone,"
                + " count(*) FILTER (WHERE state <> 'REVOKED') AS left_over FROM credential WHERE "
                + column
                + " = ANY (?) AND (state <> 'REVOKED' OR revoking_at >= ?)",
            row -> new ControlPart.Look(row.number("gone"), row.number("left_over")),
            values,
            begun)
        .orElseThrow();
  }

  /// Whether time has come for any.
  boolean anyOver(Tx tx, Instant now, Duration within) {
    return !tx.all(
            "SELECT 1 AS one FROM credential WHERE state IN ('INTENT', 'ACTIVE')"
                + " AND (expires_at <= ? OR (state = 'INTENT' AND intended_at <= ?)) LIMIT 1",
            row -> row.number("one"),
            now,
            now.minus(within))
        .isEmpty();
  }

  boolean activate(Tx tx, CredentialId id, Instant at) {
    return tx.update(
            "UPDATE credential SET state = 'ACTIVE', active_at = ?"
                + " WHERE id = ? AND state = 'INTENT'",
            at,
            id.value())
        == 1;
  }

  /// Which credentials are to be taken away.
  sealed interface Which {
    record One(CredentialId id) implements Which {}

    record These(Collection<CredentialId> ids) implements Which {}

    record OfTask(TaskId task) implements Which {}

    record OfIdentity(String name) implements Which {}

    record OfWorkflow(String name) implements Which {}

    record OfOwner(String name) implements Which {}

    record OfResource(String name) implements Which {}

    /// Run out, or intended so long ago that whoever did has died.
    record Over(Instant now) implements Which {}
  }

  /// Begins to take away at most `max` of them that are lent. One that is still being made is left
  /// alone until whoever makes it must have finished.
  List<Lent> mark(Tx tx, Which which, String reason, Instant at, Duration within, int max) {
    var said = new Said(reason, at, within, max);
    return switch (which) {
      case Which.One(var id) -> mark(tx, said, "id = ?", id.value());
      case Which.These(var ids) ->
          mark(tx, said, "id = ANY (?)", ids.stream().map(CredentialId::value).toList());
      case Which.OfTask(var task) -> mark(tx, said, "task = ?", task.value());
      case Which.OfIdentity(var name) -> mark(tx, said, "identity = ?", name);
      case Which.OfWorkflow(var name) -> mark(tx, said, "workflow = ?", name);
      case Which.OfOwner(var name) -> mark(tx, said, "owner = ?", name);
      case Which.OfResource(var name) -> mark(tx, said, "resource = ?", name);
      case Which.Over(var now) ->
          mark(
              tx,
              said,
              "(expires_at <= ? OR (state = 'INTENT' AND intended_at <= ?))",
              now,
              now.minus(within.multipliedBy(2)));
    };
  }

  private record Said(String reason, Instant at, Duration within, int max) {}

  private static List<Lent> mark(Tx tx, Said said, String where, Object... which) {
    var arguments = new ArrayList<Object>();
    arguments.addAll(
        List.of(said.reason(), said.at(), said.at(), said.within().toMillis(), said.at()));
    arguments.addAll(Arrays.asList(which));
    arguments.add(said.max());
    return tx.all(
        "UPDATE credential SET state = 'REVOKING', reason = ?, revoking_at = ?, next_try_at ="
            + " CASE state WHEN 'INTENT' THEN GREATEST(?, intended_at + ? * interval '1 ms')"
            + " ELSE ? END"
            + " WHERE id IN (SELECT id FROM credential WHERE state IN ('INTENT', 'ACTIVE') AND "
            + where
            + " ORDER BY id LIMIT ? FOR UPDATE) RETURNING "
            + COLUMNS,
        CredentialStore::lent,
        arguments.toArray());
  }

  /// Takes up to `max` that are due, for this node alone until `until`. Those that have failed come
  /// after those that have not, so that a database that is away does not hold up the others.
  List<Lent> claim(Tx tx, Instant now, Instant until, int max) {
    return tx.all(
        """
        UPDATE credential SET next_try_at = ?
         WHERE id IN (SELECT id FROM credential
                       WHERE state IN ('REVOKING', 'STUCK') AND next_try_at <= ?
                       ORDER BY attempts, next_try_at LIMIT ? FOR UPDATE SKIP LOCKED)
        RETURNING
        """
            + COLUMNS,
        CredentialStore::lent,
        until,
        now,
        max);
  }

  /// Lets it be tried now, if it has failed or waits for whoever was making it; one that was only
  /// just marked may be under way, and is not tried twice at once.
  boolean hurry(Tx tx, CredentialId id, Instant now) {
    return tx.update(
            "UPDATE credential SET next_try_at = ?, attempts = 0"
                + " WHERE id = ? AND state IN ('REVOKING', 'STUCK')"
                + " AND (attempts > 0 OR active_at IS NULL)",
            now,
            id.value())
        == 1;
  }

  void failed(Tx tx, CredentialId id, String error, Instant next) {
    tx.update(
        "UPDATE credential SET attempts = attempts + 1, last_error = ?, next_try_at = ?"
            + " WHERE id = ? AND state IN ('REVOKING', 'STUCK')",
        error,
        next,
        id.value());
  }

  boolean stick(Tx tx, CredentialId id) {
    return tx.update(
            "UPDATE credential SET state = 'STUCK' WHERE id = ? AND state = 'REVOKING'", id.value())
        == 1;
  }

  boolean end(Tx tx, CredentialId id, Instant at) {
    return tx.update(
            "UPDATE credential SET state = 'REVOKED', ended_at = ?, next_try_at = NULL"
                + " WHERE id = ? AND state IN ('REVOKING', 'STUCK')",
            at,
            id.value())
        == 1;
  }

  /// Of these roles, those that may exist.
  List<String> known(Tx tx, List<String> roles) {
    return tx.all(
        "SELECT role FROM credential WHERE role = ANY (?) AND state <> 'REVOKED'",
        row -> row.text("role"),
        roles);
  }

  /// Every place where something of ours may be.
  List<Place> places(Tx tx) {
    return tx.all(
        "SELECT DISTINCT host, port, database, administrator, secret, tls FROM credential"
            + " WHERE state <> 'REVOKED'",
        CredentialStore::place);
  }

  private static Place place(Row row) {
    return new Place(
        row.text("host"),
        (int) row.number("port"),
        row.text("database"),
        row.text("administrator"),
        row.text("secret"),
        Upstream.Tls.valueOf(row.text("tls")));
  }

  private static Lent lent(Row row) {
    return new Lent(
        new CredentialId(row.text("id")),
        new TaskId(row.text("task")),
        new IdentityName(row.text("identity")),
        new SpiffeId(row.text("subject")),
        new WorkflowName(row.text("workflow")),
        new PersonName(row.text("owner")),
        row.number("epochs"),
        new ResourceName(row.text("resource")),
        row.text("profile"),
        new DecisionId(row.text("decision")),
        row.text("role"),
        place(row),
        State.valueOf(row.text("state")),
        row.maybeText("reason"),
        row.instant("intended_at"),
        row.instant("expires_at"),
        row.maybeInstant("active_at"),
        row.maybeInstant("revoking_at"),
        row.maybeInstant("ended_at"),
        (int) row.number("attempts"),
        row.maybeText("last_error"));
  }
}
