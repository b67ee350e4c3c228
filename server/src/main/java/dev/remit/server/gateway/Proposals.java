package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The tool calls that models have proposed lately and nobody has made yet, by task.
///
/// In memory, at most 256 for each task: after a restart a call does not name its proposal any
/// more, but both are in the ledger, with the same digest of the arguments.
final class Proposals {
  private static final int EACH_MAX = 256;

  private final ConcurrentHashMap<TaskId, ArrayDeque<Proposed>> tasks = new ConcurrentHashMap<>();

  private record Proposed(ToolName tool, Digest arguments, DecisionId id, Instant at) {}

  void remember(TaskId task, ToolName tool, Digest arguments, DecisionId id, Instant now) {
    tasks.compute(
        task,
        (_, before) -> {
          var all = before == null ? new ArrayDeque<Proposed>() : before;
          if (all.size() == EACH_MAX) {
            all.removeFirst();
          }
          all.addLast(new Proposed(tool, arguments, id, now));
          return all;
        });
  }

  /// Returns the oldest proposal of exactly this call, once.
  Optional<DecisionId> take(TaskId task, ToolName tool, Digest arguments) {
    var found = new DecisionId[1];
    tasks.computeIfPresent(
        task,
        (_, all) -> {
          for (Iterator<Proposed> each = all.iterator(); each.hasNext(); ) {
            var one = each.next();
            if (one.tool().equals(tool) && one.arguments().equals(arguments)) {
              found[0] = one.id();
              each.remove();
              break;
            }
          }
          return all.isEmpty() ? null : all;
        });
    return Optional.ofNullable(found[0]);
  }

  boolean has(TaskId task) {
    return tasks.containsKey(task);
  }

  void forget(TaskId task) {
    tasks.remove(task);
  }

  void forgetBefore(Instant before) {
    for (var task : tasks.keySet()) {
      tasks.computeIfPresent(task, (_, all) -> all.getLast().at().isBefore(before) ? null : all);
    }
  }
}
