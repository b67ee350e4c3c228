package dev.remit.kernel.policy;

import dev.remit.kernel.policy.Trace.Seen;
import dev.remit.kernel.policy.Trace.Step;
import dev.remit.kernel.policy.Trace.Truth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A policy's conditions taken apart at their logical operators, to say of each part what it says.
///
/// It reaches a part exactly when the compiled evaluator does, and in the same order; a test holds
/// them together. It costs more, so only explanations and tests use it.
final class Conditions {
  private static final int VALUE_MAX = 200;

  private final List<Condition> all = new ArrayList<>();
  private final List<Part> clauses = new ArrayList<>();

  private sealed interface Part {
    /// What is neither `&&`, `||`, `!` nor `if`.
    record Leaf(Node node, List<Fact> facts) implements Part {}

    record Chain(List<Part> terms, Truth decisive) implements Part {}

    record Not(Part of) implements Part {}

    record Choice(Part condition, Part then, Part otherwise) implements Part {}

    /// Something that is reported.
    record Named(Condition condition, Part of) implements Part {}
  }

  /// An attribute, or a chain of them, that a leaf looks at.
  private record Fact(String text, Node node) {}

  private Conditions(List<Expr> conditions) {
    conditions.forEach(condition -> clauses.add(named(condition, 0)));
  }

  static Conditions of(Source source) {
    return new Conditions(source.conditions());
  }

  List<Condition> all() {
    return List.copyOf(all);
  }

  private Part named(Expr expr, int depth) {
    int place = all.size();
    boolean constant = Compiler.compile(expr) instanceof Node.Constant;
    var condition = new Condition(place, CedarText.of(expr), depth, constant);
    all.add(condition);
    return new Part.Named(condition, part(expr, depth));
  }

  private Part part(Expr expr, int depth) {
    return switch (expr) {
      case Expr.All(var terms) -> chain(terms, Truth.FALSE, depth);
      case Expr.Any(var terms) -> chain(terms, Truth.TRUE, depth);
      case Expr.Unary(var op, var of) when op == Expr.UnaryOp.NOT -> new Part.Not(part(of, depth));
      case Expr.If(var condition, var then, var otherwise) ->
          new Part.Choice(
              named(condition, depth + 1), named(then, depth + 1), named(otherwise, depth + 1));
      case Expr other -> new Part.Leaf(Compiler.compile(other), facts(other));
    };
  }

  private Part chain(List<Expr> terms, Truth decisive, int depth) {
    return new Part.Chain(terms.stream().map(term -> named(term, depth + 1)).toList(), decisive);
  }

  /// What all of them say of the frame's request.
  ///
  /// @param steps where what each part said is added
  Truth trace(Frame frame, List<Step> steps) {
    return new Tracing(frame, steps).chain(clauses, Truth.FALSE).truth;
  }

  /// @param seen what its leaves looked at
  private record Said(Truth truth, Map<String, String> seen, String message) {
    static Said of(Truth truth) {
      return new Said(truth, new LinkedHashMap<>(), "");
    }

    Said with(Truth other) {
      return new Said(other, seen, message);
    }
  }

  private static final class Tracing {
    private final Frame frame;
    private final List<Step> steps;

    /// Looking at facts once more for the reader must not use up the policy's work.
    private final Frame looking;

    Tracing(Frame frame, List<Step> steps) {
      this.frame = frame;
      this.steps = steps;
      this.looking = new Frame(frame.request, frame.entities);
    }

    Said of(Part part) {
      return switch (part) {
        case Part.Leaf leaf -> leaf(leaf);
        case Part.Chain(var terms, var decisive) -> chain(terms, decisive);
        case Part.Not(var of) -> {
          var said = of(of);
          yield said.with(said.truth.opposite());
        }
        case Part.Choice(var condition, var then, var otherwise) -> {
          var said = of(condition);
          yield switch (said.truth) {
            case TRUE -> of(then);
            case FALSE -> of(otherwise);
            case FAILED, UNDECIDED -> said;
          };
        }
        case Part.Named(var condition, var of) -> {
          var said = of(of);
          steps.add(new Step(condition, said.truth, seen(said), said.message));
          yield said;
        }
      };
    }

    /// As [Logic] scans: a term that is undecided does not stop it, one that fails does.
    Said chain(List<Part> terms, Truth decisive) {
      var whole = Said.of(decisive.opposite());
      for (var term : terms) {
        var said = of(term);
        whole.seen.putAll(said.seen);
        if (said.truth == decisive) {
          return new Said(decisive, said.seen, "");
        }
        if (said.truth == Truth.FAILED && whole.truth != Truth.UNDECIDED) {
          return said;
        }
        if (said.truth == Truth.FAILED || said.truth == Truth.UNDECIDED) {
          whole = whole.with(Truth.UNDECIDED);
        }
      }
      return whole;
    }

    private Said leaf(Part.Leaf leaf) {
      var seen = new LinkedHashMap<String, String>();
      leaf.facts.forEach(fact -> seen.put(fact.text, value(fact.node)));
      try {
        boolean truth = Logic.truth(leaf.node.of(frame));
        return new Said(truth ? Truth.TRUE : Truth.FALSE, seen, "");
      } catch (Fault fault) {
        var truth = fault == Fault.UNDECIDED ? Truth.UNDECIDED : Truth.FAILED;
        return new Said(truth, seen, fault.getMessage());
      }
    }

    private String value(Node node) {
      try {
        looking.restart();
        var text = CedarText.of(node.of(looking));
        return text.length() <= VALUE_MAX ? text : text.substring(0, VALUE_MAX) + "…";
      } catch (Fault fault) {
        return "(absent)";
      }
    }

    private static List<Seen> seen(Said said) {
      return said.seen.entrySet().stream()
          .map(fact -> new Seen(fact.getKey(), fact.getValue()))
          .toList();
    }
  }

  private static List<Fact> facts(Expr leaf) {
    var found = new LinkedHashMap<String, Fact>();
    collect(leaf, found);
    return List.copyOf(found.values());
  }

  private static void collect(Expr expr, Map<String, Fact> found) {
    switch (expr) {
      case Expr.Attribute _ -> {
        var text = CedarText.of(expr);
        found.putIfAbsent(text, new Fact(text, Compiler.compile(expr)));
      }
      case Expr.Has(var of, var name) -> collect(new Expr.Attribute(of, name), found);
      case Expr.Variable(var name) when name != Expr.Var.CONTEXT -> {
        var text = CedarText.of(expr);
        found.putIfAbsent(text, new Fact(text, Compiler.compile(expr)));
      }
      case Expr.Literal _, Expr.Variable _ -> {}
      case Expr.All(var terms) -> terms.forEach(term -> collect(term, found));
      case Expr.Any(var terms) -> terms.forEach(term -> collect(term, found));
      case Expr.If(var condition, var then, var otherwise) ->
          List.of(condition, then, otherwise).forEach(one -> collect(one, found));
      case Expr.Unary(_, var of) -> collect(of, found);
      case Expr.Binary(_, var left, var right) ->
          List.of(left, right).forEach(one -> collect(one, found));
      case Expr.Like(var of, _) -> collect(of, found);
      case Expr.Is(var of, _) -> collect(of, found);
      case Expr.MakeSet(var elements) -> elements.forEach(one -> collect(one, found));
      case Expr.MakeRecord(var members) -> members.values().forEach(one -> collect(one, found));
      case Expr.Call(_, var arguments) -> arguments.forEach(one -> collect(one, found));
    }
  }
}
