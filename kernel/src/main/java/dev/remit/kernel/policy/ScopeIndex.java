package dev.remit.kernel.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the policies that may cover a request, so that the cost of a decision follows the policies
/// that matter and not the size of the set.
///
/// Each policy is filed under one part of its scope: the one that the fewest other policies name.
/// What it finds still has to be checked with [Frame#isCoveredBy]; what it leaves out cannot cover.
final class ScopeIndex {
  private final Map<Object, int[]> byPrincipal;
  private final Map<Object, int[]> byAction;
  private final Map<Object, int[]> byResource;
  private final int[] anything;

  /// One part of a request.
  private enum Part {
    PRINCIPAL,
    ACTION,
    RESOURCE
  }

  private record Place(Part part, Object key) {}

  ScopeIndex(List<Policy> policies) {
    var popularity = new HashMap<Place, Integer>();
    for (var policy : policies) {
      for (var part : Part.values()) {
        keys(policy, part).forEach(key -> popularity.merge(new Place(part, key), 1, Integer::sum));
      }
    }
    var filed = new HashMap<Place, List<Integer>>();
    var rest = new ArrayList<Integer>();
    for (int i = 0; i < policies.size(); i++) {
      var places = rarest(policies.get(i), popularity);
      for (var place : places) {
        filed.computeIfAbsent(place, _ -> new ArrayList<>()).add(i);
      }
      if (places.isEmpty()) {
        rest.add(i);
      }
    }
    byPrincipal = part(filed, Part.PRINCIPAL);
    byAction = part(filed, Part.ACTION);
    byResource = part(filed, Part.RESOURCE);
    anything = ints(rest);
  }

  /// Returns the places of the policies that may cover `request`, ascending and without repeats.
  int[] candidates(Request request, Entities entities) {
    var found = new Found(anything);
    collect(found, byPrincipal, request.principal(), entities);
    collect(found, byAction, request.action(), entities);
    collect(found, byResource, request.resource(), entities);
    return found.sorted();
  }

  private static void collect(
      Found found, Map<Object, int[]> index, EntityUid uid, Entities entities) {
    if (index.isEmpty()) {
      return;
    }
    found.add(index.get(uid));
    found.add(index.get(uid.type()));
    for (var ancestor : entities.ancestors(uid)) {
      found.add(index.get(ancestor));
    }
  }

  private static Set<Place> rarest(Policy policy, Map<Place, Integer> popularity) {
    Set<Place> best = Set.of();
    int bestCount = Integer.MAX_VALUE;
    for (var part : Part.values()) {
      var places = new HashSet<Place>();
      keys(policy, part).forEach(key -> places.add(new Place(part, key)));
      int count = places.stream().mapToInt(place -> popularity.getOrDefault(place, 0)).sum();
      if (!places.isEmpty() && count < bestCount) {
        best = places;
        bestCount = count;
      }
    }
    return best;
  }

  /// Returns what a request must have one of to be admitted: an entity, as itself or as an
  /// ancestor, or the name of a type. Empty where everything is admitted, and where nothing is.
  private static Set<Object> keys(Policy policy, Part part) {
    var constraint =
        switch (part) {
          case PRINCIPAL -> policy.source().principal();
          case ACTION -> policy.source().action();
          case RESOURCE -> policy.source().resource();
        };
    return switch (constraint) {
      case Constraint.Anything() -> Set.of();
      case Constraint.Exactly(var uid) -> Set.of(uid);
      case Constraint.Within(var roots) -> new HashSet<>(roots);
      case Constraint.OfType(var type) -> Set.of(type);
      case Constraint.OfTypeWithin(_, var root) -> Set.of(root);
    };
  }

  private static Map<Object, int[]> part(Map<Place, List<Integer>> filed, Part part) {
    var index = new HashMap<Object, int[]>();
    filed.forEach((place, policies) -> {
      if (place.part() == part) {
        index.put(place.key(), ints(policies));
      }
    });
    return index;
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Grows while places are added.
  private static final class Found {
    private int[] places;
    private int size;

    Found(int[] first) {
      places = Arrays.copyOf(first, first.length + 16);
      size = first.length;
    }

    void add(int @org.jspecify.annotations.Nullable [] more) {
      if (more == null) {
        return;
      }
      if (size + more.length > places.length) {
        places = Arrays.copyOf(places, (size + more.length) * 2);
      }
      System.arraycopy(more, 0, places, size, more.length);
      size += more.length;
    }

    int[] sorted() {
      Arrays.sort(places, 0, size);
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (kept == 0 || places[i] != places[kept - 1]) {
          places[kept++] = places[i];
        }
      }
      return Arrays.copyOf(places, kept);
    }
  }
}
