package dev.remit.server.decisions;

import dev.remit.kernel.policy.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Makes things smaller while something stays true of them: the delta debugging of Zeller and
/// Hildebrandt (TSE 2002), without its complements, which matter little here.
final class Smaller {

  private Smaller() {}

  /// Returns a part of `all`, in its order, of which `holds` is true and from which no single
  /// element can be left out; `holds` is true of `all`.
  static <T> List<T> list(List<T> all, Predicate<List<T>> holds) {
    var kept = all;
    for (int chunk = Math.max(1, all.size() / 2); ; chunk /= 2) {
      for (int at = 0; at < kept.size(); ) {
        var fewer = new ArrayList<T>(kept.subList(0, at));
        fewer.addAll(kept.subList(Math.min(at + chunk, kept.size()), kept.size()));
        if (holds.test(fewer)) {
          kept = fewer;
        } else {
          at += chunk;
        }
      }
      if (chunk <= 1) {
        return kept;
      }
    }
  }

  /// Returns `members` without the members, inner members and elements of sets that `holds` can do
  /// without.
  static Value.Members members(Value.Members members, Predicate<Value.Members> holds) {
    var names = IntStream.range(0, members.size()).mapToObj(members::name).toList();
    var small = only(members, list(names, some -> holds.test(only(members, some))));
    for (int i = 0; i < small.size(); i++) {
      var name = small.name(i);
      var now = small;
      var value = value(small.get(i), inner -> holds.test(now.with(name, inner)));
      small = small.with(name, value);
    }
    return small;
  }

  private static Value value(Value value, Predicate<Value> holds) {
    return switch (value) {
      case Value.Members members -> members(members, holds::test);
      case Value.Several set -> {
        var elements = IntStream.range(0, set.size()).mapToObj(set::get).toList();
        yield Value.Several.of(list(elements, some -> holds.test(Value.Several.of(some))));
      }
      case Value.Bool _, Value.Whole _, Value.Text _, Value.Entity _, Value.Decimal _ -> value;
      case Value.IpAddress _, Value.Moment _, Value.Span _, Value.Unknown _ -> value;
    };
  }

  private static Value.Members only(Value.Members members, List<String> names) {
    Map<String, Value> kept = new HashMap<>();
    names.forEach(name -> kept.put(name, members.find(name).orElseThrow()));
    return Value.Members.of(kept);
  }
}
