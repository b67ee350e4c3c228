package dev.remit.server.tokens;

import dev.remit.kernel.identity.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What this node knows of everything that was taken away: read on each call, without a lock.
///
/// Losses may arrive twice and out of order (told by the writer, announced, read back); only what
/// is newer than what is known counts. Ended tasks and withdrawn tokens are forgotten once every
/// token they concern has expired; revoked keys are few and never forgotten.
final class Losses {
  private final Duration rememberFor;
  private final Map<Party, Known> standings = new ConcurrentHashMap<>();
  private final Map<TaskId, Instant> endedTasks = new ConcurrentHashMap<>();
  private final Map<String, Instant> withdrawn = new ConcurrentHashMap<>();
  private final AtomicLong heard = new AtomicLong();
  private final Set<String> revokedKeys = ConcurrentHashMap.newKeySet();
  private final List<Consumer<Party>> onSuspended = new CopyOnWriteArrayList<>();
  private final List<Consumer<TaskId>> onEnded = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> onWithdrawn = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> onKeyRevoked = new CopyOnWriteArrayList<>();

  private record Known(long seq, PartyStanding standing) {}

  /// Remembers what ended for `rememberFor`, the longest life of a token and the clocks' skew.
  Losses(Duration rememberFor) {
    this.rememberFor = rememberFor;
  }

  Instant endedSince(Instant now) {
    return now.minus(rememberFor);
  }

  void onSuspended(Consumer<Party> listener) {
    onSuspended.add(listener);
  }

  void onEnded(Consumer<TaskId> listener) {
    onEnded.add(listener);
  }

  void onWithdrawn(Consumer<String> listener) {
    onWithdrawn.add(listener);
  }

  void onKeyRevoked(Consumer<String> listener) {
    onKeyRevoked.add(listener);
  }

  Optional<PartyStanding> standing(Party party) {
    return Optional.ofNullable(standings.get(party)).map(Known::standing);
  }

  /// What is suspended, the latest first.
  List<PartyStanding> suspended() {
    return standings.values().stream()
        .map(Known::standing)
        .filter(PartyStanding::suspended)
        .sorted(Comparator.comparing(PartyStanding::since).reversed())
        .toList();
  }

  long epoch(Party party) {
    var known = standings.get(party);
    return known == null ? 0 : known.standing().epoch();
  }

  boolean isSuspended(Party party) {
    var known = standings.get(party);
    return known != null && known.standing().suspended();
  }

  boolean isEnded(TaskId task) {
    return endedTasks.containsKey(task);
  }

  boolean isWithdrawn(String jti) {
    return withdrawn.containsKey(jti);
  }

  /// Whether a signing key is dead, and all that it signed.
  boolean isKeyRevoked(String kid) {
    return revokedKeys.contains(kid);
  }

  /// How often something was heard of. Whoever sees the same number twice has missed nothing.
  long heard() {
    return heard.get();
  }

  void add(Loss loss) {
    switch (loss) {
      case Loss.Standing(var seq, var standing) -> add(new Known(seq, standing));
      case Loss.TaskEnd(_, var task, var at) -> {
        if (endedTasks.put(task, at.plus(rememberFor)) == null) {
          onEnded.forEach(listener -> listener.accept(task));
        }
      }
      case Loss.Withdrawal(_, var jti, var expiresAt) -> {
        if (withdrawn.put(jti, expiresAt) == null) {
          onWithdrawn.forEach(listener -> listener.accept(jti));
        }
      }
      case Loss.KeyRevoked(_, var kid) -> {
        if (revokedKeys.add(kid)) {
          onKeyRevoked.forEach(listener -> listener.accept(kid));
        }
      }
    }
    heard.incrementAndGet();
  }

  void forget(Instant now) {
    endedTasks.values().removeIf(now::isAfter);
    withdrawn.values().removeIf(now::isAfter);
  }

  private synchronized void add(Known next) {
    var party = next.standing().party();
    var before = standings.get(party);
    if (before != null && before.seq() >= next.seq()) {
      return;
    }
    standings.put(party, next);
    // By epoch, not by flag: a node that slept through suspend and resume still cuts what it has.
    long epochBefore = before == null ? 0 : before.standing().epoch();
    if (next.standing().epoch() > epochBefore) {
      onSuspended.forEach(listener -> listener.accept(party));
    }
  }
}
