package dev.remit.server.gateway;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.gateway.upstream.Route;
import dev.remit.server.registry.Resource;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TaskClaims;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Which session belongs to which task.
///
/// A session id is attacker input: it is looked up together with resource and task, so somebody
/// else's id and one that never existed are told apart by nobody. Kept in memory; after a restart
/// clients open new sessions, as the protocol has it.
final class Sessions {
  private final ConcurrentHashMap<Key, Session> sessions = new ConcurrentHashMap<>();
  private final int perTaskMax;

  private record Key(ResourceName resource, TaskId task, String id) {}

  Sessions(int perTaskMax) {
    this.perTaskMax = perTaskMax;
  }

  /// Binds a session that the upstream has just opened to the task that asked for it.
  void bind(Session session) {
    sessions.put(key(session.resource().name(), session.claims(), session.id()), session);
  }

  Optional<Session> find(ResourceName resource, TaskClaims claims, String id) {
    return Optional.ofNullable(sessions.get(key(resource, claims, id)));
  }

  /// Returns the nameless session of a task.
  Session nameless(TaskClaims claims, PersonName owner, Resource resource, Route route) {
    return sessions.compute(
        key(resource.name(), claims, ""),
        (_, known) ->
            known != null && known.route().equals(route)
                ? known
                : new Session("", claims, owner, resource, route));
  }

  /// Whether the task may open one more session on the resource.
  boolean hasRoom(ResourceName resource, TaskClaims claims) {
    return sessions.keySet().stream()
            .filter(key -> key.resource().equals(resource) && key.task().equals(claims.task()))
            .limit(perTaskMax)
            .count()
        < perTaskMax;
  }

  Optional<Session> drop(Session session) {
    return Optional.ofNullable(
        sessions.remove(key(session.resource().name(), session.claims(), session.id())));
  }

  /// Drops every session of `task` and hands each to `ended`.
  void drop(TaskId task, Consumer<Session> ended) {
    drop(session -> session.claims().task().equals(task), ended);
  }

  /// Drops every session of whatever is under `party` and hands each to `ended`.
  void drop(Party party, Consumer<Session> ended) {
    drop(
        session -> session.claims().isUnder(party) || Party.of(session.owner()).equals(party),
        ended);
  }

  /// Notes that the sessions of `tasks` are in use: something is under way in them.
  void used(Set<TaskId> tasks, Instant now) {
    for (var session : sessions.values()) {
      if (tasks.contains(session.claims().task())) {
        session.used(now);
      }
    }
  }

  /// Drops what nobody has used since `before`: tasks that ran out, clients that never said
  /// goodbye.
  void dropIdle(Instant before, Consumer<Session> ended) {
    drop(session -> session.isIdleSince(before), ended);
  }

  void dropAll(Consumer<Session> ended) {
    drop(_ -> true, ended);
  }

  int count() {
    return sessions.size();
  }

  private void drop(Predicate<Session> which, Consumer<Session> ended) {
    for (var session : sessions.values()) {
      if (which.test(session) && drop(session).isPresent()) {
        ended.accept(session);
      }
    }
  }

  private static Key key(ResourceName resource, TaskClaims claims, String id) {
    return new Key(resource, claims.task(), id);
  }
}
