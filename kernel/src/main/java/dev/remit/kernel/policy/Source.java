package dev.remit.kernel.policy;

import java.util.List;
import java.util.SortedMap;

/// One policy as it was read: what [Policy] is compiled from and explained with.
///
/// @param conditions the terms that must all hold; an `unless` is the negation of its body
record Source(
    PolicyId id,
    Effect effect,
    Constraint principal,
    Constraint action,
    Constraint resource,
    List<Expr> conditions,
    SortedMap<String, String> annotations) {

  Source {
    conditions = List.copyOf(conditions);
  }

  /// Adds the Cedar text of each part of the scope that does not cover `request`.
  void misses(Request request, Entities entities, List<String> misses) {
    miss("principal", principal, request.principal(), entities, misses);
    miss("action", action, request.action(), entities, misses);
    miss("resource", resource, request.resource(), entities, misses);
  }

  private static void miss(
      String part, Constraint wanted, EntityUid uid, Entities entities, List<String> misses) {
    if (!wanted.admits(uid, entities.ancestors(uid))) {
      misses.add(CedarText.of(part, wanted));
    }
  }
}
