package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.TaskFacts;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Tool;
import dev.remit.server.tokens.TaskClaims;
import dev.remit.server.tokens.Tasks;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What each task has done so far, as policy sees it: calls, calls per tool, data classes touched.
///
/// Kept in memory from the task's first call at this node to its end, and made again at start from
/// the decisions on record: a restart gives no task its calls back, nor lets it forget what it
/// read. A call that was decided and then not sent is counted there too.
final class TaskUse {
  private final ConcurrentHashMap<TaskId, Used> tasks = new ConcurrentHashMap<>();

  private static final class Used {
    // Guarded by the object itself.
    private Instant usedAt = Instant.EPOCH;
    private long calls;
    private final Map<String, Long> perTool = new HashMap<>();
    private final Set<String> touched = new HashSet<>();
  }

  TaskFacts facts(TaskClaims claims) {
    var used = tasks.get(claims.task());
    if (used == null) {
      return new TaskFacts(claims.task(), claims.intent(), 0, Set.of(), Map.of());
    }
    synchronized (used) {
      return new TaskFacts(claims.task(), claims.intent(), used.calls, used.touched, used.perTool);
    }
  }

  /// Counts one call of `tool` if the task has one left.
  ///
  /// @return false if `callsMax` calls were counted before
  boolean take(TaskClaims claims, Tool tool, long callsMax, Instant now) {
    var used = tasks.computeIfAbsent(claims.task(), _ -> new Used());
    synchronized (used) {
      if (used.calls >= callsMax) {
        return false;
      }
      used.usedAt = now;
      used.calls++;
      used.perTool.merge(name(tool.name()), 1L, Long::sum);
      used.touched.addAll(tool.dataClasses());
      return true;
    }
  }

  /// Counts what is on record of the tasks that are still at work.
  void recover(Tasks tasks, LedgerReader ledger, Instant now) {
    tasks
        .oldestAlive(now)
        .ifPresent(start -> ledger.since(DecisionId.fresh(start).value(), this::recover));
  }

  private void recover(RecordedEntry entry) {
    boolean counts =
        entry.isSentOn() && entry.text("action").equals(Optional.of(Action.CALL.word()));
    if (!counts) {
      return;
    }
    var used = tasks.computeIfAbsent(new TaskId(entry.text("task").orElseThrow()), _ -> new Used());
    synchronized (used) {
      used.usedAt = entry.at();
      used.calls++;
      used.perTool.merge(entry.text("target").orElse(""), 1L, Long::sum);
      entry.content().path("touches").forEach(name -> used.touched.add(name.asString("")));
    }
  }

  void forget(TaskId task) {
    tasks.remove(task);
  }

  /// Forgets tasks that have done nothing since `before`; no task lives longer than that.
  void forgetIdle(Instant before) {
    tasks
        .values()
        .removeIf(used -> {
          synchronized (used) {
            return used.usedAt.isBefore(before);
          }
        });
  }

  private static String name(ToolName tool) {
    return tool.toString();
  }
}
