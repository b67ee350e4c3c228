package dev.remit.kernel.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one evaluation of one policy sees: the request, the entities, and how much work is left.
/// Used by one thread, for one policy after the other.
final class Frame {
  /// Steps that one policy may take on values whose size a request chooses.
  static final long WORK_MAX = 5_000_000;

  /// Steps that all policies together may take: otherwise a request could be slow a thousand times.
  static final long TOGETHER_MAX = 50_000_000;

  final Request request;
  final Value principal;
  final Value action;
  final Value resource;
  final Entities entities;
  private final Entities.@Nullable Facts principalFacts;
  private final Entities.@Nullable Facts actionFacts;
  private final Entities.@Nullable Facts resourceFacts;
  private long left = TOGETHER_MAX;
  private long granted = WORK_MAX;
  private long work = WORK_MAX;

  Frame(Request request, Entities entities) {
    this.request = request;
    this.entities = entities;
    principal = new Value.Entity(request.principal());
    action = new Value.Entity(request.action());
    resource = new Value.Entity(request.resource());
    principalFacts = entities.find(request.principal());
    actionFacts = entities.find(request.action());
    resourceFacts = entities.find(request.resource());
  }

  /// Whether the scope of `policy` covers the request.
  boolean isCoveredBy(Source policy) {
    return policy.action().admits(request.action(), ancestors(actionFacts))
        && policy.principal().admits(request.principal(), ancestors(principalFacts))
        && policy.resource().admits(request.resource(), ancestors(resourceFacts));
  }

  private static Set<EntityUid> ancestors(Entities.@Nullable Facts facts) {
    return facts == null ? Set.of() : facts.ancestors();
  }

  /// Starts the next policy.
  void restart() {
    left -= granted - Math.max(work, 0);
    granted = Math.min(WORK_MAX, left);
    work = granted;
  }

  /// Pays for `steps` of work.
  void spend(long steps) {
    work -= steps;
    if (work < 0) {
      throw Fault.WORK;
    }
  }

  /// Returns what is known of an entity, or null if it does not exist. The request's own three are
  /// most often asked for, as the very same objects: that spares a hash access, and an equal object
  /// takes the longer way to the same answer.
  @SuppressWarnings("ReferenceEquality")
  Entities.@Nullable Facts find(EntityUid uid) {
    if (uid == request.principal()) {
      return principalFacts;
    }
    if (uid == request.resource()) {
      return resourceFacts;
    }
    if (uid == request.action()) {
      return actionFacts;
    }
    return entities.find(uid);
  }

  /// Whether `uid` is `ancestor` or below it.
  boolean isIn(EntityUid uid, EntityUid ancestor) {
    if (uid.equals(ancestor)) {
      return true;
    }
    var facts = find(uid);
    return facts != null && facts.ancestors().contains(ancestor);
  }
}
