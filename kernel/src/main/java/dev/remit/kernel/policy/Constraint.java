package dev.remit.kernel.policy;

import java.util.List;
import java.util.Set;

/// What a policy's scope asks of the principal, the action or the resource.
sealed interface Constraint {

  /// Whether an entity satisfies it.
  ///
  /// @param ancestors every ancestor of `uid`
  boolean admits(EntityUid uid, Set<EntityUid> ancestors);

  record Anything() implements Constraint {

    @Override
    public boolean admits(EntityUid uid, Set<EntityUid> ancestors) {
      return true;
    }
  }

  record Exactly(EntityUid wanted) implements Constraint {

    @Override
    public boolean admits(EntityUid uid, Set<EntityUid> ancestors) {
      return uid.equals(wanted);
    }
  }

  /// One of these or below one of them.
  record Within(List<EntityUid> roots) implements Constraint {

    public Within {
      roots = List.copyOf(roots);
    }

    @Override
    public boolean admits(EntityUid uid, Set<EntityUid> ancestors) {
      for (var root : roots) {
        if (uid.equals(root) || ancestors.contains(root)) {
          return true;
        }
      }
      return false;
    }
  }

  record OfType(String type) implements Constraint {

    @Override
    public boolean admits(EntityUid uid, Set<EntityUid> ancestors) {
      return uid.type().equals(type);
    }
  }

  record OfTypeWithin(String type, EntityUid root) implements Constraint {

    @Override
    public boolean admits(EntityUid uid, Set<EntityUid> ancestors) {
      return uid.type().equals(type) && (uid.equals(root) || ancestors.contains(root));
    }
  }
}
