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
    frame.spend(element.weight() * SEARCH);
    if (element.unknown() != null) {
      throw Fault.undecided(element, set);
    }
    return found(elements.contains(element), elements, element);
  }

  /// What is found is there, whatever else is not known; what is not found may be the unknown.
  private static Value found(boolean found, Value left, Value right) {
    if (!found && (left.unknown() != null || right.unknown() != null)) {
      throw Fault.undecided(left, right);
    }
    return Value.Bool.of(found);
  }

  static Value containsAll(Frame frame, Value left, Value right) {
    var all = of(left);
    var wanted = of(right);
    frame.spend(wanted.weight() * SEARCH);
    boolean open = false;
    for (int i = 0; i < wanted.size(); i++) {
      var one = wanted.get(i);
      if (one.unknown() != null) {
        open = true;
      } else if (!all.contains(one)) {
        if (all.unknown() == null) {
          return Value.Bool.FALSE;
        }
        open = true;
      }
    }
    if (open) {
      throw Fault.undecided(left, right);
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
      var one = few.get(i);
      if (one.unknown() == null && many.contains(one)) {
        return Value.Bool.TRUE;
      }
    }
    // With nothing on one side, nothing unknown on the other can matter.
    return few.size() == 0 ? Value.Bool.FALSE : found(false, left, right);
  }
}
