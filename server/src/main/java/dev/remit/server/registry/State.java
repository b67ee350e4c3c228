package dev.remit.server.registry;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything at rest, at one version. Immutable.
///
/// @param version counts changes of the registry; each apply that changes something adds one
/// @param active what is declared
/// @param retired what was declared once and is kept for the record
/// @param registered the same as `active`, as the rest of Remit reads it
record State(
    long version,
    SortedMap<Ref, Stored> active,
    SortedMap<Ref, Stored> retired,
    Registered registered) {

  static State of(long version, SortedMap<Ref, Stored> active, SortedMap<Ref, Stored> retired) {
    return new State(version, active, retired, registered(version, List.copyOf(active.values())));
  }

  static State empty() {
    return of(0, new TreeMap<>(), new TreeMap<>());
  }

  /// Returns the revision that a change of `ref` makes.
  long revisionAfter(Ref ref) {
    var last = active.containsKey(ref) ? active.get(ref) : retired.get(ref);
    return last == null ? 1 : last.revision() + 1;
  }

  private static Registered registered(long version, List<Stored> active) {
    return new Registered(version, active.stream().map(Stored::declared).toList());
  }
}
