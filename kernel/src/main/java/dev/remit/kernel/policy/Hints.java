package dev.remit.kernel.policy;

import dev.remit.kernel.policy.Expr.BinaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads from a policy's conditions with which values they would hold. Knows comparisons of one
/// fact with a constant; of anything else it says nothing.
final class Hints {
  private final List<Hint> found = new ArrayList<>();
  private final String condition;

  private Hints(String condition) {
    this.condition = condition;
  }

  static List<Hint> of(Source source) {
    var all = new ArrayList<Hint>();
    for (var expr : source.conditions()) {
      var hints = new Hints(CedarText.of(expr));
      hints.add(expr, true);
      all.addAll(hints.found);
    }
    return all;
  }

  /// @param truth what `expr` should say
  private void add(Expr expr, boolean truth) {
    switch (expr) {
      case Expr.Unary(var op, var of) when op == Expr.UnaryOp.NOT -> add(of, !truth);
      case Expr.All(var terms) -> terms.forEach(term -> add(term, truth));
      case Expr.Any(var terms) -> add(terms.getFirst(), truth);
      case Expr.Like(var of, var pattern)
          when truth && pattern.parts().stream().noneMatch(part -> part.contains("*")) ->
          hint(of, Hint.Kind.PATTERN, String.join("*", pattern.parts()));
      case Expr.Binary(var op, var fact, Expr.Literal(var value)) ->
          compare(op, fact, value, truth);
      case Expr.Binary(var op, Expr.Literal(Value.Several set), var fact)
          when op == BinaryOp.CONTAINS && truth && set.size() > 0 ->
          equal(fact, set.get(0));
      case Expr.Attribute _ -> hint(expr, Hint.Kind.TRUTH, Boolean.toString(truth));
      default -> {}
    }
  }

  private void compare(BinaryOp op, Expr fact, Value value, boolean truth) {
    if (op == (truth ? BinaryOp.EQUAL : BinaryOp.NOT_EQUAL)) {
      equal(fact, value);
    } else if (value instanceof Value.Whole(var number)) {
      bound(op, number, truth).ifPresent(good -> hint(fact, Hint.Kind.WHOLE, Long.toString(good)));
    }
  }

  private void equal(Expr fact, Value value) {
    switch (value) {
      case Value.Text(var text) -> hint(fact, Hint.Kind.TEXT, text);
      case Value.Whole(var number) -> hint(fact, Hint.Kind.WHOLE, Long.toString(number));
      case Value.Bool(var truth) -> hint(fact, Hint.Kind.TRUTH, Boolean.toString(truth));
      default -> {}
    }
  }

  private static Optional<Long> bound(BinaryOp op, long number, boolean truth) {
    return switch (op) {
      case LESS -> Optional.of(truth ? number - 1 : number);
      case LESS_OR_EQUAL -> Optional.of(truth ? number : number + 1);
      case GREATER -> Optional.of(truth ? number + 1 : number);
      case GREATER_OR_EQUAL -> Optional.of(truth ? number : number - 1);
      default -> Optional.empty();
    };
  }

  private void hint(Expr fact, Hint.Kind kind, String value) {
    if (fact instanceof Expr.Attribute) {
      found.add(new Hint(condition, CedarText.of(fact), kind, value));
    }
  }
}
