package dev.remit.server.tokens;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.task.TaskScope;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// Tasks at rest: table `task`, one row each, never deleted.
final class TaskStore {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String COLUMNS =
      "id, identity, subject, workflow, intent, tools, calls_max, started_at, expires_at, ended_at,"
          + " ended_by, parent, person";

  Optional<Task> find(Tx tx, TaskId id) {
    return tx.one("SELECT " + COLUMNS + " FROM task WHERE id = ?", TaskStore::task, id.value());
  }

  /// Returns what the query asks for; ids sort by the time at which a task started.
  List<Task> list(Tx tx, TaskQuery query, Instant now) {
    return tx.all(
        "SELECT "
            + COLUMNS
            + """
               FROM task
              WHERE (NOT ? OR (ended_at IS NULL AND expires_at > ?))
                AND identity = COALESCE(?, identity)
                AND workflow = COALESCE(?, workflow)
                AND (?::text IS NULL OR id < ?)
              ORDER BY id DESC LIMIT ?
            """,
        TaskStore::task,
        query.alive(),
        now,
        query.identity().map(IdentityName::value).orElse(null),
        query.workflow().map(WorkflowName::value).orElse(null),
        query.before().map(TaskId::value).orElse(null),
        query.before().map(TaskId::value).orElse(null),
        query.limit());
  }

  List<TaskId> alive(Tx tx, List<TaskId> ids, Instant now) {
    return tx.all(
        "SELECT id FROM task WHERE id = ANY (?) AND ended_at IS NULL AND expires_at > ?",
        row -> new TaskId(row.text("id")),
        ids.stream().map(TaskId::value).toList(),
        now);
  }

  List<TaskId> aliveFor(Tx tx, PersonName person, Instant now) {
    return tx.all(
        """
        SELECT id FROM task
         WHERE person = ? AND ended_at IS NULL AND expires_at > ? AND parent IS NULL ORDER BY id
        """,
        row -> new TaskId(row.text("id")),
        person.value(),
        now);
  }

  List<PersonName> people(Tx tx, Instant now) {
    return tx.all(
        """
        SELECT DISTINCT person FROM task
         WHERE person IS NOT NULL AND ended_at IS NULL AND expires_at > ?
        """,
        row -> new PersonName(row.text("person")),
        now);
  }

  Optional<Instant> oldestAlive(Tx tx, Instant now) {
    return tx.one(
        """
        SELECT started_at FROM task
         WHERE ended_at IS NULL AND expires_at > ?
         ORDER BY started_at LIMIT 1
        """,
        row -> row.instant("started_at"),
        now);
  }

  /// Finds tasks and keeps them from being ended until the transaction ends.
  List<Task> held(Tx tx, List<TaskId> ids) {
    return tx.all(
        "SELECT " + COLUMNS + " FROM task WHERE id = ANY (?) ORDER BY id FOR SHARE",
        TaskStore::task,
        ids.stream().map(TaskId::value).toList());
  }

  void add(Tx tx, List<Task> tasks) {
    tx.update(
        """
        INSERT INTO task (id, identity, subject, workflow, intent, tools, calls_max, started_at,
                          expires_at, parent, person)
        SELECT id, identity, subject, workflow, intent, NULLIF(tools, '')::jsonb, calls_max,
               to_timestamp(started_us / 1000000.0), to_timestamp(expires_us / 1000000.0),
               NULLIF(parent, ''), NULLIF(person, '')
          FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[])
            AS t (id, identity, subject, workflow, intent, tools, calls_max, started_us,
                  expires_us, parent, person)
        """,
        tasks.stream().map(task -> task.id().value()).toList(),
        tasks.stream().map(task -> task.identity().value()).toList(),
        tasks.stream().map(task -> task.subject().value()).toList(),
        tasks.stream().map(task -> task.workflow().value()).toList(),
        tasks.stream().map(Task::intent).toList(),
        tasks.stream().map(task -> tools(task.scope().tools())).toList(),
        tasks.stream().mapToLong(task -> task.scope().callsMax()).toArray(),
        tasks.stream().mapToLong(task -> micros(task.startedAt())).toArray(),
        tasks.stream().mapToLong(task -> micros(task.scope().expiresAt())).toArray(),
        tasks.stream().map(task -> task.parent().map(TaskId::value).orElse("")).toList(),
        tasks.stream().map(task -> task.person().map(PersonName::value).orElse("")).toList());
  }

  /// Ends the task if it has not ended, and returns it as it then is.
  Optional<Task> end(Tx tx, TaskId id, String by, Instant at, long seq) {
    return tx.one(
        "UPDATE task SET ended_at = ?, ended_by = ?, ended_seq = ?"
            + " WHERE id = ? AND ended_at IS NULL RETURNING "
            + COLUMNS,
        TaskStore::task,
        at,
        by,
        seq,
        id.value());
  }

  /// Returns the tasks that are parts of `id`, directly, and have not ended.
  List<TaskId> parts(Tx tx, TaskId id) {
    return tx.all(
        "SELECT id FROM task WHERE parent = ? AND ended_at IS NULL ORDER BY id",
        row -> new TaskId(row.text("id")),
        id.value());
  }

  /// Ends up to `max` tasks that have run out and that no other node is ending. Their tokens have
  /// expired with them, so nobody needs to hear of it.
  List<Task> endExpired(Tx tx, Instant now, int max) {
    return tx.all(
        """
        UPDATE task SET ended_at = expires_at, ended_by = 'expiry'
         WHERE id IN (SELECT id FROM task WHERE ended_at IS NULL AND expires_at <= ?
                       ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)
        RETURNING
        """
            + COLUMNS,
        TaskStore::task,
        now,
        max);
  }

  private static Task task(Row row) {
    return new Task(
        new TaskId(row.text("id")),
        new IdentityName(row.text("identity")),
        new SpiffeId(row.text("subject")),
        new WorkflowName(row.text("workflow")),
        row.text("intent"),
        new TaskScope(
            row.maybeText("tools").map(TaskStore::tools).orElseGet(TaskScope.Tools.AllGranted::new),
            row.instant("expires_at"),
            row.number("calls_max")),
        row.instant("started_at"),
        row.maybeInstant("ended_at").map(at -> new Task.Ending(at, row.text("ended_by"))),
        row.maybeText("parent").map(TaskId::new),
        row.maybeText("person").map(PersonName::new));
  }

  private static String tools(TaskScope.Tools tools) {
    return switch (tools) {
      case TaskScope.Tools.AllGranted() -> "";
      case TaskScope.Tools.Named(var names) ->
          JSON.writeValueAsString(names.stream().sorted().map(ToolName::toString).toList());
    };
  }

  /// Digest of what the row says that the task may do; the same as [StandingRows] reads.
  static Digest scope(Task task) {
    var tools =
        Optional.of(tools(task.scope().tools()))
            .filter(text -> !text.isEmpty())
            .map(CanonicalJson::parse);
    return StandingRows.scope(
        task.identity().value(),
        tools,
        task.scope().callsMax(),
        task.parent().map(TaskId::value),
        task.person().map(PersonName::value));
  }

  private static TaskScope.Tools tools(String json) {
    return new TaskScope.Tools.Named(
        JSON.readTree(json)
            .valueStream()
            .map(name -> ToolName.parse(name.stringValue()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
  }
}
