package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.TaskFacts;
import dev.remit.server.decisions.Usage;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.tokens.TaskClaims;
import dev.remit.server.tokens.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// What each task has done so far, as policy sees it: calls, calls per tool and per minute, what
/// else it was given, how much it was answered, data classes touched.
///
/// Kept in memory from the task's first call at this node to its end, and made again at start from
/// the decisions on record: a restart gives no task its calls back, nor lets it forget what it
/// read. A call that was decided and then not sent is counted there too.
final class TaskUse {
  private static final Duration RATED = Duration.ofMinutes(1);

  /// Actions that give a task something and are no tool call.
  private static final Set<String> GIVING =
      Set.of(Action.READ.word(), Action.PROMPT.word(), Action.COMPLETE.word());

  private final ConcurrentHashMap<TaskId, Used> tasks = new ConcurrentHashMap<>();

  /// Guarded by each itself.
  private final ConcurrentHashMap<IdentityName, LastMinute> rates = new ConcurrentHashMap<>();

  private static final class Used {
    // Guarded by the object itself.
    private Instant usedAt;
    private long calls;
    private long items;
    private long bytes;
    private final Map<String, Long> perTool = new HashMap<>();
    private final Set<String> touched = new HashSet<>();
    private final LastMinute lastMinute = new LastMinute();

    private Used(Instant now) {
      usedAt = now;
    }

    private void call(String tool, Instant now) {
      usedAt = now;
      calls++;
      perTool.merge(tool, 1L, Long::sum);
      lastMinute.add(now);
    }
  }

  TaskFacts facts(TaskClaims claims, Instant now) {
    return new TaskFacts(
        claims.task(),
        claims.intent(),
        claims.scope().callsMax(),
        claims.scope().expiresAt(),
        List.of(),
        usage(claims, now));
  }

  private Usage usage(TaskClaims claims, Instant now) {
    var used = tasks.get(claims.task());
    long rate = rate(claims.identity(), now);
    if (used == null) {
      return new Usage(0, 0, Map.of(), 0, 0, Set.of(), 0, rate);
    }
    synchronized (used) {
      return new Usage(
          used.calls,
          used.perTool.size(),
          used.perTool,
          used.items,
          used.bytes,
          used.touched,
          used.lastMinute.count(now),
          rate);
    }
  }

  /// Returns how many calls of the task were counted.
  long calls(TaskClaims claims) {
    var used = tasks.get(claims.task());
    if (used == null) {
      return 0;
    }
    synchronized (used) {
      return used.calls;
    }
  }

  /// Shows `judge` what the task has done, and counts what goes on before anything else of the task
  /// is judged: two calls never both see room for one.
  Judging.Found judged(
      TaskClaims claims, Asked asked, Instant now, Function<TaskFacts, Judged> judge) {
    var used = used(claims.task(), now);
    synchronized (used) {
      if (asked instanceof Asked.OfTool(_, long callsMax) && used.calls >= callsMax) {
        return new Judging.Spent(new Refusal.CallsSpent(callsMax));
      }
      var judged = judge.apply(facts(claims, now));
      if (judged.goesOn()) {
        count(used, claims, asked, now);
      }
      return judged;
    }
  }

  private void count(Used used, TaskClaims claims, Asked asked, Instant now) {
    switch (asked) {
      case Asked.OfTool(var tool, _) -> {
        used.call(tool.name().toString(), now);
        used.touched.addAll(tool.dataClasses());
        rated(claims.identity(), now);
      }
      case Asked.OfItem _ -> {
        used.usedAt = now;
        used.items++;
      }
    }
  }

  /// Counts an answer of `bytes`.
  void answered(TaskId task, long bytes, Instant now) {
    var used = used(task, now);
    synchronized (used) {
      used.usedAt = now;
      used.bytes += bytes;
    }
  }

  /// Counts what is on record of the tasks that are still at work, and of the last minute.
  ///
  /// @param identities finds an identity by its SPIFFE ID
  void recover(
      Tasks tasks,
      LedgerReader ledger,
      Function<String, Optional<IdentityName>> identities,
      Instant now) {
    var minuteAgo = now.minus(RATED);
    var since = tasks.oldestAlive(now).filter(start -> start.isBefore(minuteAgo)).orElse(minuteAgo);
    ledger.since(DecisionId.fresh(since).value(), entry -> recover(entry, identities));
  }

  private void recover(RecordedEntry entry, Function<String, Optional<IdentityName>> identities) {
    var task = entry.text("task").map(TaskId::new);
    if (task.isEmpty()) {
      return;
    }
    if (entry.type() == EntryType.CALL_ENDED) {
      answered(task.get(), entry.content().path("bytes").asLong(0), entry.at());
    } else if (entry.isSentOn()) {
      sent(task.get(), entry, identities);
    }
  }

  private void sent(
      TaskId task, RecordedEntry entry, Function<String, Optional<IdentityName>> identities) {
    var action = entry.text("action").orElse("");
    var used = used(task, entry.at());
    synchronized (used) {
      used.usedAt = entry.at();
      if (GIVING.contains(action)) {
        used.items++;
      }
      if (!action.equals(Action.CALL.word())) {
        return;
      }
      used.call(entry.text("target").orElse(""), entry.at());
      entry.content().path("touches").forEach(name -> used.touched.add(name.asString("")));
    }
    entry.text("identity").flatMap(identities).ifPresent(name -> rated(name, entry.at()));
  }

  /// As used now, so that no sweep takes it away before it is first counted in.
  private Used used(TaskId task, Instant now) {
    return tasks.computeIfAbsent(task, _ -> new Used(now));
  }

  private void rated(IdentityName identity, Instant now) {
    var rate = rates.computeIfAbsent(identity, _ -> new LastMinute());
    synchronized (rate) {
      rate.add(now);
    }
  }

  private long rate(IdentityName identity, Instant now) {
    var rate = rates.get(identity);
    if (rate == null) {
      return 0;
    }
    synchronized (rate) {
      return rate.count(now);
    }
  }

  void forget(TaskId task) {
    tasks.remove(task);
  }

  /// Forgets tasks that have done nothing since `before`; no task lives longer than that. Rates are
  /// kept, a few hundred bytes for each identity that has ever called here.
  void forgetIdle(Instant before) {
    tasks
        .values()
        .removeIf(used -> {
          synchronized (used) {
            return used.usedAt.isBefore(before);
          }
        });
  }
}
