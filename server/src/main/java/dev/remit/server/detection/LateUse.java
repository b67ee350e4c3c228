package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import dev.remit.server.tokens.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// A token that is tried after its task was ended, at the gateway.
///
/// Silent for a while after the end, in which an agent may not have heard of it, and of a task that
/// ran out: its tokens expired with it. Such a call is refused in any case; that it is tried says
/// that somebody has kept the token.
final class LateUse implements Detector {
  private final Function<TaskId, Optional<Task>> tasks;
  private final Duration after;

  LateUse(Function<TaskId, Optional<Task>> tasks, Duration after) {
    this.tasks = tasks;
    this.after = after;
  }

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    boolean refused =
        entry.type() == EntryType.CALL_REFUSED
            && entry.text("reason").filter("task-ended"::equals).isPresent();
    return refused
        ? entry
            .text("task")
            .flatMap(task -> tasks.apply(new TaskId(task)))
            .filter(task -> isLate(task, entry))
            .map(LateUse::sighting)
        : Optional.empty();
  }

  private boolean isLate(Task task, RecordedEntry entry) {
    return task.ended().filter(end -> entry.at().isAfter(end.at().plus(after))).isPresent();
  }

  private static Finding.Sighting sighting(Task task) {
    return new Finding.Sighting(
        "use-after-task",
        task.id().value(),
        Finding.Severity.MEDIUM,
        "a token of %s is used after its %s has ended".formatted(task.identity(), task.id()),
        "find out who keeps tokens of ended tasks; remit suspend identity " + task.identity(),
        Role.SECURITY);
  }
}
