package dev.remit.kernel.policy;

/// A compiled expression.
@FunctionalInterface
interface Node {

  /// Returns the expression's value.
  ///
  /// @throws Fault if it has none
  Value of(Frame frame);

  /// An expression whose value does not depend on the request.
  record Constant(Value value) implements Node {

    @Override
    public Value of(Frame frame) {
      return value;
    }
  }
}
