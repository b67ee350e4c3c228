package dev.remit.kernel.policy;

import dev.remit.kernel.policy.Expr.BinaryOp;

/// Arithmetic on longs, and order on what has one.
final class Numbers {

  private Numbers() {}

  static Value negated(Value value) {
    long number = whole(value);
    if (number == Long.MIN_VALUE) {
      throw new Fault("integer overflow while negating");
    }
    return new Value.Whole(-number);
  }

  static Value computed(BinaryOp op, Value left, Value right) {
    long a = whole(left);
    long b = whole(right);
    try {
      return new Value.Whole(
          switch (op) {
            case ADD -> Math.addExact(a, b);
            case SUBTRACT -> Math.subtractExact(a, b);
            case MULTIPLY -> Math.multiplyExact(a, b);
            default -> throw new IllegalArgumentException(op + " does not compute");
          });
    } catch (ArithmeticException e) {
      throw new Fault("integer overflow in `" + op.key + "`");
    }
  }

  static Value compared(BinaryOp op, Value left, Value right) {
    int order = order(left, right);
    return Value.Bool.of(
        switch (op) {
          case LESS -> order < 0;
          case LESS_OR_EQUAL -> order <= 0;
          case GREATER -> order > 0;
          case GREATER_OR_EQUAL -> order >= 0;
          default -> throw new IllegalArgumentException(op + " does not compare");
        });
  }

  private static int order(Value left, Value right) {
    if (left instanceof Value.Whole(var a) && right instanceof Value.Whole(var b)) {
      return Long.compare(a, b);
    }
    if (left instanceof Value.Moment(var a) && right instanceof Value.Moment(var b)) {
      return Long.compare(a, b);
    }
    if (left instanceof Value.Span(var a) && right instanceof Value.Span(var b)) {
      return Long.compare(a, b);
    }
    throw Fault.type("two of long, datetime or duration", left, right);
  }

  private static long whole(Value value) {
    if (value instanceof Value.Whole(var number)) {
      return number;
    }
    throw Fault.type("long", value);
  }
}
