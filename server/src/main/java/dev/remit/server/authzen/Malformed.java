package dev.remit.server.authzen;

/// A request, or one evaluation in it, is not what the specification describes. Never leaves the
/// package: a whole request becomes a 400, one evaluation of several its own `decision: false`.
final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param what where it is wrong and what belongs there, for the caller
  Malformed(String what) {
    super(what, null, false, false);
  }

  String what() {
    return String.valueOf(getMessage());
  }
}
