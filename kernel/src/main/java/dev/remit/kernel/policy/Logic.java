package dev.remit.kernel.policy;

import org.jspecify.annotations.Nullable;

/// The three operators that evaluate only what they must. A term that is not decided yet does not
/// stop them: a later term may decide the whole.
final class Logic {

  private Logic() {}

  static boolean truth(Value value) {
    if (value instanceof Value.Bool(var truth)) {
      return truth;
    }
    throw Fault.type("bool", value);
  }

  @SuppressWarnings("ArrayRecordComponent") // compiled once, compared never
  record All(Node[] terms) implements Node {

    @Override
    public Value of(Frame frame) {
      return Logic.scan(frame, terms, false);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // compiled once, compared never
  record Any(Node[] terms) implements Node {

    @Override
    public Value of(Frame frame) {
      return Logic.scan(frame, terms, true);
    }
  }

  /// Returns `decisive` if one term has that value before another fails, otherwise its opposite.
  private static Value scan(Frame frame, Node[] terms, boolean decisive) {
    Fault undecided = null;
    for (var term : terms) {
      try {
        if (truth(term.of(frame)) == decisive) {
          return Value.Bool.of(decisive);
        }
      } catch (Fault fault) {
        undecided = undecidedOr(undecided, fault);
      }
    }
    if (undecided != null) {
      throw undecided;
    }
    return Value.Bool.of(!decisive);
  }

  /// A fault ends the scan, unless something undecided came first: then whether the failing term is
  /// reached is itself undecided, and a later term may still decide.
  static Fault undecidedOr(@Nullable Fault before, Fault fault) {
    if (before == null && !fault.isUndecided()) {
      throw fault;
    }
    return before == Fault.UNDECIDED || fault != Fault.PENDING ? Fault.UNDECIDED : Fault.PENDING;
  }

  static Node choice(Node condition, Node then, Node otherwise) {
    return frame -> truth(condition.of(frame)) ? then.of(frame) : otherwise.of(frame);
  }
}
