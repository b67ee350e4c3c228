package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// The tasks that are or were at work. A task starts with its first token, at the token endpoint,
/// and ends when somebody completes it or its time runs out.
public final class Tasks {
  private static final int SWEEP_MAX = 500;

  private final Database database;
  private final Ledger ledger;
  private final Losses losses;
  private final Controls controls;
  private final TaskStore store = new TaskStore();
  private final StandingStore standings = new StandingStore();
  private final List<Aftermath> aftermaths = new CopyOnWriteArrayList<>();

  public Tasks(Database database, Ledger ledger, Standings standings) {
    this.database = database;
    this.ledger = ledger;
    this.losses = standings.losses();
    this.controls = standings.controls();
  }

  public Optional<Task> find(TaskId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// The same, within the caller's transaction.
  public Optional<Task> find(Tx tx, TaskId id) {
    return store.find(tx, id);
  }

  /// Returns when the oldest task that is still at work started; empty if none is.
  public Optional<Instant> oldestAlive(Instant now) {
    return database.transact(tx -> store.oldestAlive(tx, now));
  }

  /// Returns tasks, newest first.
  public List<Task> list(TaskQuery query, Instant now) {
    return database.transact(tx -> store.list(tx, query, now));
  }

  /// Returns which of `ids` are at work; whoever is not never will be again.
  public Set<TaskId> atWork(Tx tx, List<TaskId> ids, Instant now) {
    return Set.copyOf(store.alive(tx, ids, now));
  }

  /// Ends a task: from here on its tokens are refused, here and, as soon as they hear, at every
  /// node.
  ///
  /// @param by who ends it, for the record: a SPIFFE ID or a person's name
  /// @return the task as it ended, also when it had ended before; empty if there is none
  public Optional<Task> complete(TaskId id, String by, Instant now) {
    long began = System.nanoTime();
    var ending = ledger.transact(recording -> end(recording, id, by, now));
    ending.losses().forEach(losses::add);
    ending.due().ifPresent(due -> controls.begin(due, began));
    return ending.task();
  }

  /// Ends every task that is done for a person.
  void completeFor(PersonName person, String by, Instant now) {
    database
        .transact(tx -> store.aliveFor(tx, person, now))
        .forEach(task -> complete(task, by, now));
  }

  /// Returns for whom work is done now.
  List<PersonName> people(Instant now) {
    return database.transact(tx -> store.people(tx, now));
  }

  /// Hands ended tasks to `aftermath`, too, from now on.
  public void followedBy(Aftermath aftermath) {
    aftermaths.add(aftermath);
  }

  /// What taking away all that an ended task was given has come to; waits at most `max` for it.
  Optional<JsonNode> outcome(TaskId id, Duration max) {
    controls.await(id, max);
    return controls.outcome(id);
  }

  /// What became of all that an ended task was given.
  Aftermath.Ended aftermath(TaskId id, Duration max) {
    var sum = Aftermath.Ended.NOTHING;
    for (var aftermath : aftermaths) {
      sum = sum.and(aftermath.of(id, max.minus(sum.took())));
    }
    return sum;
  }

  /// Calls `listener` for each task that is completed, at any node, so that its open calls are cut.
  /// It must not block.
  public void onEnded(Consumer<TaskId> listener) {
    losses.onEnded(listener);
  }

  /// Records the end of tasks whose time ran out, at most 500 of them.
  ///
  /// @return how many; call again at once if it was 500
  public int sweep(Instant now) {
    return ledger.transact(recording -> {
      var ended = store.endExpired(recording.tx(), now, SWEEP_MAX);
      ended.forEach(task -> recording.append(entry(task, now)));
      return ended.size();
    });
  }

  private record Ended(
      Optional<Task> task, List<Loss.TaskEnd> losses, Optional<ControlStore.Due> due) {}

  private Ended end(Recording recording, TaskId id, String by, Instant now) {
    var losses = new ArrayList<Loss.TaskEnd>();
    var ended = endWithParts(recording, id, by, now, losses);
    var due = ended.map(_ -> controls.intend(recording, id, by, losses.getLast().seq(), now));
    return new Ended(ended.or(() -> store.find(recording.tx(), id)), losses, due);
  }

  /// Ends a task and everything that was delegated of it.
  private Optional<Task> endWithParts(
      Recording recording, TaskId id, String by, Instant now, List<Loss.TaskEnd> losses) {
    long seq = standings.next(recording.tx());
    var ended = store.end(recording.tx(), id, by, now, seq);
    if (ended.isEmpty()) {
      return ended;
    }
    recording.append(entry(ended.get(), now));
    losses.add(new Loss.TaskEnd(seq, id, now));
    for (var part : store.parts(recording.tx(), id)) {
      endWithParts(recording, part, by, now, losses);
    }
    return ended;
  }

  private static Entry entry(Task task, Instant now) {
    var ending = task.ended().orElseThrow();
    return Entry.of(EntryType.TASK_COMPLETED, now)
        .with("task", task.id().value())
        .with("identity", task.subject().value())
        .with("workflow", task.workflow().value())
        .with("intent", task.intent())
        .with("by", ending.by())
        .with("endedAt", ending.at())
        .with("startedAt", task.startedAt());
  }
}
