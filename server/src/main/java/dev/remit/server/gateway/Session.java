package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.gateway.upstream.Route;
import dev.remit.server.gateway.wire.RpcId;
import dev.remit.server.registry.Resource;
import dev.remit.server.tokens.TaskClaims;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A conversation between one task and one server, and what is open in it.
///
/// The id is the upstream's own choice and a secret between it and the client; it opens nothing for
/// any other task. A server without sessions has one nameless session for each task, and so has
/// every modern server.
final class Session {
  private static final int OPEN_MAX = 1_000;

  private final String id;
  private final TaskClaims claims;
  private final PersonName owner;
  private final Resource resource;
  private final Route route;

  /// What the server has asked and the client has not answered.
  private final ConcurrentHashMap<RpcId, ServerAsk> asked = new ConcurrentHashMap<>();

  /// Calls whose stream ended early and whose answer may still come on a resumed one.
  private final ConcurrentHashMap<RpcId, Call> unanswered = new ConcurrentHashMap<>();

  private final Set<RpcId> cancelled = ConcurrentHashMap.newKeySet();

  /// A request of the server that was passed on to the client.
  ///
  /// @param id the decision it went by
  /// @param isRecorded whether that decision is in the ledger and waits for its outcome
  record ServerAsk(DecisionId id, boolean isRecorded) {}

  private volatile Instant usedAt = Instant.EPOCH;

  Session(String id, TaskClaims claims, PersonName owner, Resource resource, Route route) {
    this.id = id;
    this.claims = claims;
    this.owner = owner;
    this.resource = resource;
    this.route = route;
  }

  void used(Instant now) {
    usedAt = now;
  }

  boolean isIdleSince(Instant before) {
    return usedAt.isBefore(before);
  }

  String id() {
    return id;
  }

  TaskClaims claims() {
    return claims;
  }

  PersonName owner() {
    return owner;
  }

  Resource resource() {
    return resource;
  }

  Route route() {
    return route;
  }

  /// Notes that the server's request `id` was passed on.
  ///
  /// @return false if too much is open already, or this id is
  boolean asks(RpcId id, ServerAsk ask) {
    return asked.size() < OPEN_MAX && asked.putIfAbsent(id, ask) == null;
  }

  /// Takes what the server asked under `id`, once.
  Optional<ServerAsk> answers(RpcId id) {
    return Optional.ofNullable(asked.remove(id));
  }

  /// Keeps `call` open for an answer on a resumed stream.
  ///
  /// @return false if too much is open already
  boolean awaits(Call call) {
    return unanswered.size() < OPEN_MAX
        && unanswered.putIfAbsent(call.message().id(), call) == null;
  }

  Optional<Call> resumes(RpcId id) {
    return Optional.ofNullable(unanswered.remove(id));
  }

  /// Notes that the client no longer wants an answer to its request `id`.
  void cancels(RpcId id) {
    if (cancelled.size() < OPEN_MAX) {
      cancelled.add(id);
    }
  }

  boolean wasCancelled(RpcId id) {
    return cancelled.remove(id);
  }

  /// Takes every call that was never answered.
  List<Call> abandoned() {
    return unanswered.keySet().stream().flatMap(key -> resumes(key).stream()).toList();
  }
}
