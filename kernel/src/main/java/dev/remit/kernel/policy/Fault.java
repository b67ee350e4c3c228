package dev.remit.kernel.policy;

import org.jspecify.annotations.Nullable;

/// Ends the evaluation of one policy: it cannot be evaluated on this request. Never leaves the
/// package; carries no stack trace, so failing costs no more than succeeding.
///
/// Messages name operations, types and the policy's own words, never a value of the request.
// Without stack trace and suppression an instance holds no state, so these can be shared.
@SuppressWarnings("StaticAssignmentOfThrowable")
final class Fault extends RuntimeException {
  /// The policy depends on a [Value.Unknown].
  static final Fault UNDECIDED =
      new Fault("depends on a value that is not known, or that policy cannot represent");

  /// The policy depends on a [Value.Unknown] that may soon be known, and on no other.
  static final Fault PENDING = new Fault("depends on a fact that is missing or stale");

  static final Fault WORK =
      new Fault(
          "evaluation needs more than "
              + Frame.WORK_MAX
              + " steps of work, or that of all policies more than "
              + Frame.TOGETHER_MAX);

  Fault(String message) {
    super(message, null, false, false);
  }

  /// Returns the fault of needing both values, at least one of which is or holds a [Value.Unknown].
  static Fault undecided(Value left, Value right) {
    return isLasting(left.unknown()) || isLasting(right.unknown()) ? UNDECIDED : PENDING;
  }

  private static boolean isLasting(Value.@Nullable Unknown unknown) {
    return unknown != null && !unknown.isPending();
  }

  /// Whether this says that the policy is undecided, and not that it fails.
  boolean isUndecided() {
    return this == UNDECIDED || this == PENDING;
  }

  /// Returns the fault of finding `got` where `expected` was needed.
  static Fault type(String expected, Value got) {
    return got instanceof Value.Unknown
        ? undecided(got, got)
        : new Fault("type error: expected " + expected + ", got " + got.typeName());
  }

  static Fault type(String expected, Value left, Value right) {
    if (left instanceof Value.Unknown || right instanceof Value.Unknown) {
      return undecided(left, right);
    }
    return new Fault(
        "type error: expected "
            + expected
            + ", got "
            + left.typeName()
            + " and "
            + right.typeName());
  }

  @Override
  public String getMessage() {
    var message = super.getMessage();
    return message == null ? "" : message;
  }
}
