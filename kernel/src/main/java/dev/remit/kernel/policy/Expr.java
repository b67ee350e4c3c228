package dev.remit.kernel.policy;

import java.util.List;
import java.util.SortedMap;

/// A Cedar expression. Chains of `&&` and `||` are flat, and a template's slots are already filled.
///
/// Source: Cedar reference, "Operators and functions"; JSON form, "JSON policy format".
sealed interface Expr {

  record Literal(Value value) implements Expr {}

  record Variable(Var name) implements Expr {}

  /// Every one of two or more terms.
  record All(List<Expr> terms) implements Expr {}

  /// At least one of two or more terms.
  record Any(List<Expr> terms) implements Expr {}

  record If(Expr condition, Expr then, Expr otherwise) implements Expr {}

  record Unary(UnaryOp op, Expr of) implements Expr {}

  record Binary(BinaryOp op, Expr left, Expr right) implements Expr {}

  record Attribute(Expr of, String name) implements Expr {}

  record Has(Expr of, String name) implements Expr {}

  record Like(Expr of, Wildcard pattern) implements Expr {}

  record Is(Expr of, String type) implements Expr {}

  record MakeSet(List<Expr> elements) implements Expr {}

  record MakeRecord(SortedMap<String, Expr> members) implements Expr {}

  /// A call of an extension function or method; a method's receiver comes first.
  record Call(Extension function, List<Expr> arguments) implements Expr {}

  enum Var {
    PRINCIPAL,
    ACTION,
    RESOURCE,
    CONTEXT
  }

  enum UnaryOp {
    NOT("!"),
    NEGATE("neg"),
    IS_EMPTY("isEmpty");

    final String key;

    UnaryOp(String key) {
      this.key = key;
    }
  }

  enum BinaryOp {
    EQUAL("==", true),
    NOT_EQUAL("!=", true),
    LESS("<", true),
    LESS_OR_EQUAL("<=", true),
    GREATER(">", true),
    GREATER_OR_EQUAL(">=", true),
    IN("in", true),
    ADD("+", true),
    SUBTRACT("-", true),
    MULTIPLY("*", true),
    CONTAINS("contains", false),
    CONTAINS_ALL("containsAll", false),
    CONTAINS_ANY("containsAny", false),
    HAS_TAG("hasTag", false),
    GET_TAG("getTag", false);

    final String key;
    final boolean infix;

    BinaryOp(String key, boolean infix) {
      this.key = key;
      this.infix = infix;
    }
  }
}
