package dev.remit.server.inspection;

import dev.remit.kernel.identity.SecretKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What was found in a text, in the order in which it stands there; nothing overlaps.
public record Exposed(List<Exposure> found) {
  /// Nothing.
  public static final Exposed NONE = new Exposed(List.of());

  public Exposed {
    found = List.copyOf(found);
  }

  /// What overlaps is one, as long as all of it together, of the certain kind if one of them is.
  static Exposed of(List<Exposure> any) {
    var sorted = new ArrayList<>(any);
    sorted.sort(Comparator.comparingInt(Exposure::start).thenComparingInt(one -> -one.end()));
    var kept = new ArrayList<Exposure>();
    for (var one : sorted) {
      if (kept.isEmpty() || kept.getLast().end() <= one.start()) {
        kept.add(one);
      } else {
        kept.add(kept.removeLast().with(one));
      }
    }
    return new Exposed(kept);
  }

  public boolean isNone() {
    return found.isEmpty();
  }

  public int count() {
    return found.size();
  }

  public boolean has(SecretKind kind) {
    return found.stream().anyMatch(one -> one.kind() == kind);
  }

  /// How many are of that kind.
  public int count(SecretKind kind) {
    return (int) found.stream().filter(one -> one.kind() == kind).count();
  }

  /// The words of the kinds, sorted.
  public SortedSet<String> kinds() {
    var kinds = new TreeSet<String>();
    found.forEach(one -> kinds.add(one.kind().word()));
    return kinds;
  }

  /// Both together, as of two texts: places no longer mean anything.
  public Exposed and(Exposed other) {
    if (other.isNone() || isNone()) {
      return isNone() ? other : this;
    }
    var both = new ArrayList<>(found);
    both.addAll(other.found);
    return new Exposed(both);
  }
}
