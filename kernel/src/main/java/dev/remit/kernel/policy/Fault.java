package dev.remit.kernel.policy;

/// Ends the evaluation of one policy: it cannot be evaluated on this request. Never leaves the
/// package; carries no stack trace, so failing costs no more than succeeding.
///
/// Messages name operations, types and the policy's own words, never a value of the request.
// Without stack trace and suppression an instance holds no state, so two can be shared.
@SuppressWarnings("StaticAssignmentOfThrowable")
final class Fault extends RuntimeException {
  /// The policy depends on a [Value.Unknown].
  static final Fault UNDECIDED =
      new Fault("depends on a value that is not known, or that policy cannot represent");

  static final Fault WORK =
      new Fault("evaluation needs more than " + Frame.WORK_MAX + " steps of work");

  Fault(String message) {
    super(message, null, false, false);
  }

  /// Returns the fault of finding `got` where `expected` was needed.
  static Fault type(String expected, Value got) {
    return got instanceof Value.Unknown
        ? UNDECIDED
        : new Fault("type error: expected " + expected + ", got " + got.typeName());
  }

  static Fault type(String expected, Value left, Value right) {
    if (left instanceof Value.Unknown || right instanceof Value.Unknown) {
      return UNDECIDED;
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
