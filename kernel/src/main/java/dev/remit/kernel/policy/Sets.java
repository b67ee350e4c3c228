package dev.remit.kernel.policy;

/// The methods of sets.
final class Sets {
  /// What finding one value in a set costs: the depth of the largest binary search.
  private static final long SEARCH = 32;

  private Sets() {}

  static Value.Several of(Value value) {
    if (value instanceof Value.Several set) {
      return set;
    }
    throw Fault.type("set", value);
  }

  static Value contains(Frame frame, Value set, Value element) {
    var elements = of(set);
    if (element instanceof Value.Unknown) {
      throw Fault.undecided(element, element);
    }
    frame.spend(element.weight() * SEARCH);
    return Value.Bool.of(elements.contains(element));
  }

  static Value containsAll(Frame frame, Value left, Value right) {
    var all = of(left);
    var wanted = of(right);
    frame.spend(wanted.weight() * SEARCH);
    for (int i = 0; i < wanted.size(); i++) {
      if (!all.contains(wanted.get(i))) {
        return Value.Bool.FALSE;
      }
    }
    return Value.Bool.TRUE;
  }

  static Value containsAny(Frame frame, Value left, Value right) {
    var some = of(left);
    var wanted = of(right);
    boolean isSmaller = some.size() < wanted.size();
    var few = isSmaller ? some : wanted;
    var many = isSmaller ? wanted : some;
    frame.spend(few.weight() * SEARCH);
    for (int i = 0; i < few.size(); i++) {
      if (many.contains(few.get(i))) {
        return Value.Bool.TRUE;
      }
    }
    return Value.Bool.FALSE;
  }
}
