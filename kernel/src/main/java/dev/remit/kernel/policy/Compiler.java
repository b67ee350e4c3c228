package dev.remit.kernel.policy;

import dev.remit.kernel.policy.Expr.BinaryOp;
import dev.remit.kernel.policy.Expr.UnaryOp;
import dev.remit.kernel.policy.Expr.Var;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Turns expressions into closures. What does not depend on the request is computed here, once.
///
/// Both operands of a strict operator are evaluated before either is checked, and `&&`, `||` and
/// `if` evaluate no more than they must: an expression fails here exactly when it fails in Cedar.
final class Compiler {
  private static final Frame NO_REQUEST =
      new Frame(
          new Request(
              new EntityUid("", ""),
              new EntityUid("", ""),
              new EntityUid("", ""),
              Value.Members.EMPTY),
          Entities.NONE);

  private Compiler() {}

  static Node compile(Expr expr) {
    return switch (expr) {
      case Expr.Literal(var value) -> new Node.Constant(value);
      case Expr.Variable(var name) -> variable(name);
      case Expr.All(var terms) -> new Logic.All(compiled(terms));
      case Expr.Any(var terms) -> new Logic.Any(compiled(terms));
      case Expr.If(var condition, var then, var otherwise) ->
          Logic.choice(compile(condition), compile(then), compile(otherwise));
      case Expr.Unary(var op, var of) -> unary(op, compile(of));
      case Expr.Binary(var op, var left, var right) -> binary(op, compile(left), compile(right));
      case Expr.Attribute(var of, var name) -> Access.attribute(compile(of), name);
      case Expr.Has(var of, var name) -> Access.has(compile(of), name);
      case Expr.Like(var of, var pattern) -> like(compile(of), pattern);
      case Expr.Is(var of, var type) -> is(compile(of), type);
      case Expr.MakeSet(var elements) -> set(compiled(elements));
      case Expr.MakeRecord(var members) -> {
        var nodes = new TreeMap<String, Node>();
        members.forEach((name, member) -> nodes.put(name, compile(member)));
        yield record(nodes);
      }
      case Expr.Call(var function, var arguments) -> call(function, compiled(arguments));
    };
  }

  private static Node[] compiled(List<Expr> exprs) {
    return exprs.stream().map(Compiler::compile).toArray(Node[]::new);
  }

  /// Computes `node` now if every part of it is a constant. A constant that fails is left to fail
  /// at each evaluation, and only there.
  private static Node folded(Node node, Node... parts) {
    for (var part : parts) {
      if (!(part instanceof Node.Constant)) {
        return node;
      }
    }
    try {
      NO_REQUEST.restart();
      return new Node.Constant(node.of(NO_REQUEST));
    } catch (Fault fault) {
      return frame -> {
        throw fault;
      };
    }
  }

  private static Node variable(Var name) {
    return switch (name) {
      case PRINCIPAL -> frame -> frame.principal;
      case ACTION -> frame -> frame.action;
      case RESOURCE -> frame -> frame.resource;
      case CONTEXT -> frame -> frame.request.context();
    };
  }

  private static Node unary(UnaryOp op, Node of) {
    return switch (op) {
      case NOT -> folded(frame -> Value.Bool.of(!Logic.truth(of.of(frame))), of);
      case NEGATE -> folded(frame -> Numbers.negated(of.of(frame)), of);
      case IS_EMPTY -> folded(frame -> Value.Bool.of(Sets.of(of.of(frame)).size() == 0), of);
    };
  }

  private static Node binary(BinaryOp op, Node left, Node right) {
    return switch (op) {
      case IN -> Access.in(left, right);
      case HAS_TAG -> frame -> Access.hasTag(frame, left.of(frame), right.of(frame));
      case GET_TAG -> frame -> Access.getTag(frame, left.of(frame), right.of(frame));
      case EQUAL ->
          folded(frame -> equal(frame, left.of(frame), right.of(frame), true), left, right);
      case NOT_EQUAL ->
          folded(frame -> equal(frame, left.of(frame), right.of(frame), false), left, right);
      case CONTAINS ->
          folded(frame -> Sets.contains(frame, left.of(frame), right.of(frame)), left, right);
      case CONTAINS_ALL ->
          folded(frame -> Sets.containsAll(frame, left.of(frame), right.of(frame)), left, right);
      case CONTAINS_ANY ->
          folded(frame -> Sets.containsAny(frame, left.of(frame), right.of(frame)), left, right);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          folded(frame -> Numbers.compared(op, left.of(frame), right.of(frame)), left, right);
      case ADD, SUBTRACT, MULTIPLY ->
          folded(frame -> Numbers.computed(op, left.of(frame), right.of(frame)), left, right);
    };
  }

  private static Value equal(Frame frame, Value left, Value right, boolean wanted) {
    frame.spend(Math.min(left.weight(), right.weight()));
    if (left.unknown() != null || right.unknown() != null) {
      throw Fault.undecided(left, right);
    }
    return Value.Bool.of(left.equals(right) == wanted);
  }

  private static Node like(Node of, Wildcard pattern) {
    int parts = pattern.parts().size();
    return folded(
        frame -> {
          var value = of.of(frame);
          if (!(value instanceof Value.Text(var text))) {
            throw Fault.type("string", value);
          }
          frame.spend((long) text.length() * parts);
          return Value.Bool.of(pattern.matches(text));
        },
        of);
  }

  private static Node is(Node of, String type) {
    return folded(
        frame -> {
          var value = of.of(frame);
          if (!(value instanceof Value.Entity(var uid))) {
            throw Fault.type("(entity of any type)", value);
          }
          return Value.Bool.of(uid.type().equals(type));
        },
        of);
  }

  private static Node set(Node[] elements) {
    return folded(frame -> Value.Several.of(List.of(all(frame, elements))), elements);
  }

  private static Node record(SortedMap<String, Node> members) {
    var shape = Value.Members.shape(members.keySet().toArray(String[]::new));
    var nodes = members.values().toArray(Node[]::new);
    return folded(frame -> shape.of(all(frame, nodes)), nodes);
  }

  /// A call with the wrong number of arguments parses, and fails when it is reached, as in Cedar.
  private static Node call(Extension function, Node[] arguments) {
    if (!function.takes(arguments.length)) {
      var fault =
          new Fault("`" + function.name + "` does not take " + arguments.length + " arguments");
      return frame -> {
        throw fault;
      };
    }
    return folded(frame -> function.apply(all(frame, arguments)), arguments);
  }

  private static Value[] all(Frame frame, Node[] nodes) {
    var values = new Value[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      values[i] = nodes[i].of(frame);
      frame.spend(values[i].weight());
    }
    return values;
  }
}
