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
import dev.remit.server.tokens.Delegator;
import dev.remit.server.tokens.TaskClaims;
import dev.remit.server.tokens.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What each task has done so far, as policy sees it: calls, calls per tool and per minute, what
/// else it was given, how much it was answered, data classes touched.
///
/// Kept in memory from the task's first call at this node to its end, and made again at start from
/// the decisions on record: a restart gives no task its calls back, nor lets it forget what it
/// read. A call that was decided and then not sent is counted there too.
///
/// What is done with a delegated part counts for the part and for every task above it; and policy
/// is shown what was done under the first of them, so that no limit is escaped by delegating.
final class TaskUse {
  private static final Duration RATED = Duration.ofMinutes(1);

  /// Actions that give a task something and are no tool call.
  private static final Set<String> GIVING =
      Set.of(Action.READ.word(), Action.PROMPT.word(), Action.COMPLETE.word(), Action.ISSUE.word());

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
    long callsMax =
        claims.delegators().stream()
            .mapToLong(Delegator::callsMax)
            .reduce(claims.scope().callsMax(), Math::min);
    return new TaskFacts(
        claims.task(),
        claims.intent(),
        callsMax,
        claims.scope().expiresAt(),
        claims.delegators().stream().map(Delegator::identity).toList(),
        usage(claims, now));
  }

  private Usage usage(TaskClaims claims, Instant now) {
    var used = tasks.get(claims.tasks().getFirst());
    long rate = claims.identities().stream().mapToLong(name -> rate(name, now)).max().orElse(0);
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

  /// Returns the allowance that is used up, if one is.
  Optional<Long> spent(Asked.OfTool asked) {
    for (var allowance : asked.allowances()) {
      if (calls(allowance.task()) >= allowance.callsMax()) {
        return Optional.of(allowance.callsMax());
      }
    }
    return Optional.empty();
  }

  private long calls(TaskId task) {
    var used = tasks.get(task);
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
    return holding(
        used(claims, now),
        0,
        () -> {
          if (asked instanceof Asked.OfTool tool) {
            var spent = spent(tool);
            if (spent.isPresent()) {
              return new Judging.Spent(new Refusal.CallsSpent(spent.get()));
            }
          }
          return weighed(claims, asked, now, judge, Judged::goesOn);
        });
  }

  /// The same where what is judged is no call.
  <T> T weighed(
      TaskClaims claims,
      Asked asked,
      Instant now,
      Function<TaskFacts, T> judge,
      Predicate<T> goesOn) {
    var all = used(claims, now);
    return holding(
        all,
        0,
        () -> {
          var judged = judge.apply(facts(claims, now));
          if (goesOn.test(judged)) {
            all.forEach(used -> count(used, asked, now));
            if (asked instanceof Asked.OfTool) {
              claims.identities().forEach(name -> rated(name, now));
            }
          }
          return judged;
        });
  }

  private List<Used> used(TaskClaims claims, Instant now) {
    return claims.tasks().stream().map(task -> used(task, now)).toList();
  }

  /// Holds each from `next` on, from the first task downwards: whoever holds two comes this way.
  private static <T> T holding(List<Used> all, int next, Supplier<T> work) {
    if (next == all.size()) {
      return work.get();
    }
    synchronized (all.get(next)) {
      return holding(all, next + 1, work);
    }
  }

  /// Guarded by `used`.
  private static void count(Used used, Asked asked, Instant now) {
    switch (asked) {
      case Asked.OfTool(var tool, _) -> {
        used.call(tool.name().toString(), now);
        used.touched.addAll(tool.dataClasses());
      }
      case Asked.OfItem _ -> {
        used.usedAt = now;
        used.items++;
      }
    }
  }

  /// Counts an answer of `bytes` for everything that it was given to.
  void answered(TaskClaims claims, long bytes, Instant now) {
    claims.tasks().forEach(task -> answered(task, bytes, now));
  }

  private void answered(TaskId task, long bytes, Instant now) {
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
    var tasks = new ArrayList<TaskId>();
    entry.content().path("parents").forEach(task -> tasks.add(new TaskId(task.asString(""))));
    entry.text("task").map(TaskId::new).ifPresent(tasks::add);
    if (entry.type() == EntryType.CALL_ENDED) {
      long bytes = entry.content().path("bytes").asLong(0);
      tasks.forEach(task -> answered(task, bytes, entry.at()));
    } else if (entry.isSentOn()) {
      tasks.forEach(task -> sent(task, entry));
      if (entry.text("action").equals(Optional.of(Action.CALL.word()))) {
        rated(entry, identities);
      }
    }
  }

  private void rated(RecordedEntry entry, Function<String, Optional<IdentityName>> identities) {
    entry
        .content()
        .path("delegators")
        .forEach(one -> identities.apply(one.asString("")).ifPresent(it -> rated(it, entry.at())));
    entry.text("identity").flatMap(identities).ifPresent(it -> rated(it, entry.at()));
  }

  private void sent(TaskId task, RecordedEntry entry) {
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
