package dev.remit.kernel.policy;

import dev.remit.kernel.policy.Expr.BinaryOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What can be said of the requests that a policy matches without trying any.
///
/// Conservative: it looks at the scope and at conditions one by one, and knows no arithmetic and no
/// patterns. What it claims is so; of the rest it says nothing.
final class Reach {
  private final Source source;

  Reach(Source source) {
    this.source = source;
  }

  /// Whether whatever `narrower` matches is matched too: its scope lies within, and each condition
  /// here is one there.
  ///
  /// @param goesWith the one resource that an action is ever asked of, if there is one
  boolean includes(
      Source narrower, Entities entities, Function<EntityUid, Optional<EntityUid>> goesWith) {
    return includes(source.action(), narrower.action(), entities)
        && includes(source.principal(), narrower.principal(), entities)
        && includes(source.resource(), resource(narrower, goesWith), entities)
        && source.conditions().stream()
            .allMatch(condition ->
                isConstant(condition, true) || narrower.conditions().contains(condition));
  }

  private static Constraint resource(
      Source policy, Function<EntityUid, Optional<EntityUid>> goesWith) {
    return policy.resource() instanceof Constraint.Anything
            && policy.action() instanceof Constraint.Exactly(var action)
        ? goesWith.apply(action).<Constraint>map(Constraint.Exactly::new).orElse(policy.resource())
        : policy.resource();
  }

  private static boolean includes(Constraint broad, Constraint narrow, Entities entities) {
    return switch (narrow) {
      case Constraint.Anything() -> broad instanceof Constraint.Anything;
      case Constraint.Exactly(var uid) -> broad.admits(uid, entities.ancestors(uid));
      case Constraint.Within(var roots) ->
          roots.stream().allMatch(root -> includesBelow(broad, root, entities));
      case Constraint.OfType(var type) ->
          broad instanceof Constraint.Anything || broad.equals(new Constraint.OfType(type));
      case Constraint.OfTypeWithin(var type, var root) ->
          broad.equals(new Constraint.OfType(type))
              || includesBelow(broad, root, entities)
              || (broad instanceof Constraint.OfTypeWithin(var wanted, var above)
                  && wanted.equals(type)
                  && isIn(root, above, entities));
    };
  }

  /// Whether `root` and everything below it is included.
  private static boolean includesBelow(Constraint broad, EntityUid root, Entities entities) {
    return switch (broad) {
      case Constraint.Anything() -> true;
      case Constraint.Within(var roots) ->
          roots.stream().anyMatch(above -> isIn(root, above, entities));
      case Constraint.Exactly _, Constraint.OfType _, Constraint.OfTypeWithin _ -> false;
    };
  }

  private static boolean isIn(EntityUid uid, EntityUid above, Entities entities) {
    return uid.equals(above) || entities.ancestors(uid).contains(above);
  }

  boolean isUnconditional() {
    return source.conditions().stream().allMatch(condition -> isConstant(condition, true));
  }

  boolean isUnscoped() {
    return source.principal() instanceof Constraint.Anything
        && source.action() instanceof Constraint.Anything
        && source.resource() instanceof Constraint.Anything;
  }

  /// Returns why no request satisfies the policy, if that can be seen.
  Optional<String> contradiction() {
    Map<Expr, Expr> equal = new HashMap<>();
    for (var condition : source.conditions()) {
      if (isConstant(condition, false)) {
        return Optional.of("`" + CedarText.of(condition) + "` is never true");
      }
      if (condition instanceof Expr.Binary(var op, var fact, Expr.Literal value)
          && op == BinaryOp.EQUAL
          && isFact(fact)) {
        var other = equal.putIfAbsent(fact, value);
        if (other != null && !other.equals(value)) {
          return Optional.of(
              "`" + CedarText.of(fact) + "` cannot be both " + said(other) + " and " + said(value));
        }
      }
    }
    return Optional.empty();
  }

  private static String said(Expr value) {
    return "`" + CedarText.of(value) + "`";
  }

  private static boolean isConstant(Expr condition, boolean truth) {
    return Compiler.compile(condition) instanceof Node.Constant(Value.Bool(var found))
        && found == truth;
  }

  /// A chain of attributes: whatever it is, it is the same each time one request is asked.
  private static boolean isFact(Expr expr) {
    return switch (expr) {
      case Expr.Variable _ -> true;
      case Expr.Attribute(var of, _) -> isFact(of);
      default -> false;
    };
  }

  List<Comparison> comparisons() {
    var found = new ArrayList<Comparison>();
    source.conditions().forEach(condition -> compare(condition, true, found));
    return found;
  }

  private static void compare(Expr expr, boolean required, List<Comparison> found) {
    switch (expr) {
      case Expr.All(var terms) -> terms.forEach(term -> compare(term, required, found));
      case Expr.Any(var terms) -> terms.forEach(term -> compare(term, false, found));
      case Expr.Unary(_, var of) -> compare(of, false, found);
      case Expr.If(var condition, var then, var otherwise) ->
          List.of(condition, then, otherwise).forEach(one -> compare(one, false, found));
      case Expr.Binary(var op, var fact, Expr.Literal(Value.Text(var word))) when isFact(fact) ->
          kind(op)
              .ifPresent(
                  kind -> found.add(new Comparison(CedarText.of(fact), kind, word, required)));
      case Expr.Binary(var op, Expr.Literal(Value.Text(var word)), var fact)
          when isFact(fact) && op != BinaryOp.CONTAINS ->
          kind(op)
              .ifPresent(
                  kind -> found.add(new Comparison(CedarText.of(fact), kind, word, required)));
      default -> {}
    }
  }

  private static Optional<Comparison.Kind> kind(BinaryOp op) {
    return switch (op) {
      case EQUAL -> Optional.of(Comparison.Kind.EQUAL);
      case NOT_EQUAL -> Optional.of(Comparison.Kind.NOT_EQUAL);
      case CONTAINS -> Optional.of(Comparison.Kind.CONTAINS);
      default -> Optional.empty();
    };
  }
}
