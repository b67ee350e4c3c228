package dev.remit.server.models;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.decisions.Usage;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Model;
import dev.remit.server.tokens.TaskClaims;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What each task has spent on asking models, and how often each identity has asked lately. What is
/// under way counts as the most that it can come to until its outcome is known, so two questions at
/// once never both see room for one.
///
/// In memory, and made again at start from the ledger: a restart gives no task its budget back.
/// Everything is guarded by the object itself; a question holds it for less than a microsecond.
final class Spending {
  private static final long MINUTE_MS = 60_000;

  /// Questions that one identity is seen to ask within a minute; more count as that many.
  private static final int RATE_SEEN_MAX = 1_000_000;

  private final Map<TaskId, Spent> tasks = new HashMap<>();
  private final Map<IdentityName, ArrayDeque<Long>> rates = new HashMap<>();

  /// Reservations whose outcome is not known yet; each is settled or released once.
  private final Set<Long> open = new HashSet<>();

  private long numbers;

  private static final class Spent {
    private long asks;
    private long tokens;
    private long costMicros;
    private Instant usedAt = Instant.EPOCH;
  }

  /// What is set aside for one question until its outcome is known.
  ///
  /// @param number its own, since two can be alike
  /// @param before what policy sees: spent before this question
  /// @param outputMax how much it may write, or -1 where nothing bounds it
  record Reservation(
      long number,
      TaskClaims claims,
      Usage.Spent before,
      long tokens,
      long costMicros,
      long outputMax) {}

  /// What was found.
  sealed interface Found {
    record Reserved(Reservation reservation) implements Found {}

    record Exhausted(Refusal why) implements Found {}
  }

  /// Sets aside what a question can come to.
  ///
  /// @param grants of those who delegated and of the agent, in the order of the claims' tasks
  /// @param input the most tokens that it can hold
  /// @param output the most that it may write in each answer
  /// @param choices how many answers
  /// @param isSaid whether the request itself bounds what is written; where a budget holds, a
  ///   request that does not is given that bound
  synchronized Found reserve(
      TaskClaims claims,
      List<Grant> grants,
      Model.Price price,
      long input,
      long output,
      long choices,
      boolean isSaid,
      Instant now) {
    long allowed = output;
    boolean isBounded = false;
    for (int i = 0; i < grants.size(); i++) {
      var most = grants.get(i).spending();
      if (rate(claims.identities().get(i), now) >= most.perMinuteMax()) {
        return new Found.Exhausted(new Refusal.RateSpent(most.perMinuteMax()));
      }
      var spent = spent(claims.tasks().get(i), now);
      isBounded |= most.tokensPerTaskMax() < Long.MAX_VALUE;
      isBounded |= most.costPerTaskMicros() < Long.MAX_VALUE;
      long tokensLeft = most.tokensPerTaskMax() - spent.tokens;
      long costLeft = most.costPerTaskMicros() - spent.costMicros;
      long room =
          Math.min((tokensLeft - input) / choices, affordable(price, costLeft, input) / choices);
      long leastOut = output == 0 ? 0 : 1;
      if (tokensLeft - input < leastOut) {
        return new Found.Exhausted(
            new Refusal.TokensSpent(most.tokensPerTaskMax(), spent.tokens, input + output));
      }
      if (room < leastOut) {
        return new Found.Exhausted(
            new Refusal.CostSpent(
                most.costPerTaskMicros(), spent.costMicros, price.of(input, 0, output * choices)));
      }
      allowed = Math.min(allowed, room);
    }
    var before = facts(claims, now);
    long tokens = input + allowed * choices;
    long cost = price.of(input, 0, allowed * choices);
    claims.tasks().forEach(task -> add(task, 1, tokens, cost, now));
    claims
        .identities()
        .forEach(name -> count(rates.computeIfAbsent(name, _ -> new ArrayDeque<>()), now));
    long number = ++numbers;
    open.add(number);
    boolean narrows = allowed < output || (isBounded && !isSaid && output > 0);
    return new Found.Reserved(
        new Reservation(number, claims, before, tokens, cost, narrows ? allowed : -1));
  }

  /// How many tokens of output what is left pays for.
  private static long affordable(Model.Price price, long costLeft, long input) {
    if (costLeft == Long.MAX_VALUE || price.equals(Model.Price.NONE)) {
      return Long.MAX_VALUE;
    }
    long left = costLeft - price.of(input, 0, 0);
    if (left < 0) {
      return -1;
    }
    return price.outputMicros() == 0
        ? Long.MAX_VALUE
        : Math.multiplyHigh(left, 1_000_000L) != 0
            ? Long.MAX_VALUE
            : left * 1_000_000L / price.outputMicros();
  }

  /// Puts what was really spent in the place of what was set aside.
  synchronized void settle(Reservation reserved, long tokens, long costMicros, Instant now) {
    if (!open.remove(reserved.number())) {
      return;
    }
    reserved
        .claims()
        .tasks()
        .forEach(task ->
            add(task, 0, tokens - reserved.tokens(), costMicros - reserved.costMicros(), now));
  }

  /// Nothing was asked after all, unless it was settled. It still counts as a try within the
  /// minute.
  synchronized void release(Reservation reserved, Instant now) {
    if (!open.remove(reserved.number())) {
      return;
    }
    reserved
        .claims()
        .tasks()
        .forEach(task -> add(task, -1, -reserved.tokens(), -reserved.costMicros(), now));
  }

  private synchronized Usage.Spent facts(TaskClaims claims, Instant now) {
    var spent = spent(claims.tasks().getFirst(), now);
    long rate = claims.identities().stream().mapToLong(name -> rate(name, now)).max().orElse(0);
    return new Usage.Spent(spent.asks, spent.tokens, spent.costMicros, rate);
  }

  private Spent spent(TaskId task, Instant now) {
    var spent = tasks.computeIfAbsent(task, _ -> new Spent());
    spent.usedAt = now;
    return spent;
  }

  private void add(TaskId task, long asks, long tokens, long costMicros, Instant now) {
    var spent = spent(task, now);
    spent.asks += asks;
    spent.tokens += tokens;
    spent.costMicros += costMicros;
  }

  private static void count(ArrayDeque<Long> times, Instant now) {
    if (times.size() == RATE_SEEN_MAX) {
      times.removeFirst();
    }
    times.addLast(now.toEpochMilli());
  }

  private long rate(IdentityName name, Instant now) {
    var times = rates.get(name);
    if (times == null) {
      return 0;
    }
    long since = now.toEpochMilli() - MINUTE_MS;
    while (!times.isEmpty() && times.getFirst() <= since) {
      times.removeFirst();
    }
    return times.size();
  }

  synchronized void forget(TaskId task) {
    tasks.remove(task);
  }

  synchronized void forgetIdle(Instant before, Instant now) {
    tasks.values().removeIf(spent -> spent.usedAt.isBefore(before));
    List.copyOf(rates.keySet())
        .forEach(name -> {
          if (rate(name, now) == 0) {
            rates.remove(name);
          }
        });
  }

  /// Counts what is on record of questions since `id`. One without an outcome counts as the most
  /// that it could come to.
  synchronized void recover(
      LedgerReader ledger, String id, Function<String, Optional<IdentityName>> identities) {
    var unanswered = new HashMap<String, RecordedEntry>();
    ledger.since(
        id,
        entry -> {
          if (entry.type() == EntryType.CALL_DECIDED
              && entry.isSentOn()
              && entry.text("action").equals(Optional.of("ask"))) {
            unanswered.put(entry.id().orElse(""), entry);
            recovered(entry, 1, entry);
            entry
                .text("identity")
                .flatMap(identities)
                .ifPresent(name ->
                    count(rates.computeIfAbsent(name, _ -> new ArrayDeque<>()), entry.at()));
          } else if (entry.type() == EntryType.CALL_ENDED) {
            entry
                .of()
                .map(unanswered::remove)
                .ifPresent(decided -> {
                  recovered(decided, -1, decided);
                  recovered(decided, 1, entry);
                });
          }
        });
  }

  private void recovered(RecordedEntry decided, int sign, RecordedEntry from) {
    long tokens = from.content().path("tokens").asLong(0);
    long cost = from.content().path("costMicros").asLong(0);
    tasks(decided).forEach(task -> add(task, sign, sign * tokens, sign * cost, from.at()));
  }

  private static List<TaskId> tasks(RecordedEntry entry) {
    var tasks = new ArrayList<TaskId>();
    entry.content().path("parents").forEach(task -> tasks.add(new TaskId(task.asString(""))));
    entry.text("task").map(TaskId::new).ifPresent(tasks::add);
    return tasks;
  }
}
