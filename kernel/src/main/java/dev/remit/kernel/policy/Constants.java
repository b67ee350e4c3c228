package dev.remit.kernel.policy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Collects the values that a policy is written with.
final class Constants {
  private final Set<Value> found = new TreeSet<>();

  private Constants() {}

  static Set<Value> of(Source source) {
    var constants = new Constants();
    constants.add(source.principal());
    constants.add(source.action());
    constants.add(source.resource());
    source.conditions().forEach(constants::add);
    return constants.found;
  }

  private void add(Constraint constraint) {
    switch (constraint) {
      case Constraint.Anything(), Constraint.OfType _ -> {}
      case Constraint.Exactly(var uid) -> found.add(new Value.Entity(uid));
      case Constraint.Within(var roots) -> roots.forEach(root -> found.add(new Value.Entity(root)));
      case Constraint.OfTypeWithin(_, var root) -> found.add(new Value.Entity(root));
    }
  }

  private void addAll(List<Expr> exprs) {
    exprs.forEach(this::add);
  }

  private void add(Expr expr) {
    switch (expr) {
      case Expr.Literal(var value) -> add(value);
      case Expr.Variable _ -> {}
      case Expr.All(var terms) -> addAll(terms);
      case Expr.Any(var terms) -> addAll(terms);
      case Expr.If(var condition, var then, var otherwise) ->
          addAll(List.of(condition, then, otherwise));
      case Expr.Unary(_, var of) -> add(of);
      case Expr.Binary(_, var left, var right) -> addAll(List.of(left, right));
      case Expr.Attribute(var of, _) -> add(of);
      case Expr.Has(var of, _) -> add(of);
      case Expr.Like(var of, var pattern) -> {
        add(of);
        found.add(new Value.Text(String.join("x", pattern.parts())));
        found.add(new Value.Text(String.join("", pattern.parts())));
      }
      case Expr.Is(var of, _) -> add(of);
      case Expr.MakeSet(var elements) -> addAll(elements);
      case Expr.MakeRecord(var members) -> members.values().forEach(this::add);
      case Expr.Call(var function, var arguments) -> {
        addAll(arguments);
        if (Compiler.compile(new Expr.Call(function, arguments))
            instanceof Node.Constant(var value)) {
          found.add(value);
        }
      }
    }
  }

  private void add(Value value) {
    found.add(value);
    if (value instanceof Value.Several set) {
      for (int i = 0; i < set.size(); i++) {
        add(set.get(i));
      }
    }
  }
}
