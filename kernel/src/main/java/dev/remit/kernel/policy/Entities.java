package dev.remit.kernel.policy;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The entities that policies can ask about: their attributes, tags and place in the hierarchy.
/// Immutable; every ancestor is known in advance, so `in` is one hash access however deep the
/// hierarchy is. A hierarchy that loops is no problem: everything on the loop is in everything
/// else.
public final class Entities {
  public static final Entities NONE = new Entities(Map.of());

  private final Map<EntityUid, Facts> facts;

  private Entities(Map<EntityUid, Facts> facts) {
    this.facts = facts;
  }

  /// One entity as it is declared.
  ///
  /// @param parents direct parents; they need not exist themselves
  public record Declared(
      EntityUid uid, Value.Members attributes, Value.Members tags, Set<EntityUid> parents) {
    public Declared {
      parents = Set.copyOf(parents);
    }

    public Declared(EntityUid uid, Value.Members attributes, Set<EntityUid> parents) {
      this(uid, attributes, Value.Members.EMPTY, parents);
    }
  }

  /// What is known of an entity.
  ///
  /// @param ancestors all of them, direct or not; never the entity itself unless it is on a loop
  record Facts(Value.Members attributes, Value.Members tags, Set<EntityUid> ancestors) {}

  /// Makes the entities of `declared`, in which no two share a name.
  ///
  /// @throws IllegalArgumentException naming the entity that is declared twice
  public static Entities of(Collection<Declared> declared) {
    var parents = new HashMap<EntityUid, Set<EntityUid>>();
    for (var entity : declared) {
      if (parents.put(entity.uid(), entity.parents()) != null) {
        throw new IllegalArgumentException("entity `" + entity.uid() + "` is declared twice");
      }
    }
    var known = new HashMap<EntityUid, Facts>();
    var shared = new HashMap<Set<EntityUid>, Set<EntityUid>>();
    for (var entity : declared) {
      var ancestors = shared.computeIfAbsent(entity.parents(), direct -> closure(direct, parents));
      known.put(entity.uid(), new Facts(entity.attributes(), entity.tags(), ancestors));
    }
    return new Entities(known);
  }

  private static Set<EntityUid> closure(
      Set<EntityUid> direct, Map<EntityUid, Set<EntityUid>> parents) {
    var found = new HashSet<EntityUid>();
    var open = new ArrayDeque<>(direct);
    while (!open.isEmpty()) {
      var next = open.pop();
      if (found.add(next)) {
        open.addAll(parents.getOrDefault(next, Set.of()));
      }
    }
    return Set.copyOf(found);
  }

  public int size() {
    return facts.size();
  }

  public boolean contains(EntityUid uid) {
    return facts.containsKey(uid);
  }

  @Nullable Facts find(EntityUid uid) {
    return facts.get(uid);
  }

  Set<EntityUid> ancestors(EntityUid uid) {
    var known = facts.get(uid);
    return known == null ? Set.of() : known.ancestors();
  }
}
