package dev.remit.kernel.policy;

import java.util.List;

/// How one policy came to its answer on one request: which parts of its scope do not cover it, and
/// what each condition that was reached said.
///
/// @param missed Cedar text of the parts of the scope that do not cover the request; where there is
///   one, no condition was looked at
/// @param steps the conditions that were reached, in the order in which they were decided
/// @param truth what they say together; [Truth#FALSE] where the scope does not cover
public record Trace(Policy policy, List<String> missed, List<Step> steps, Truth truth) {

  public Trace {
    missed = List.copyOf(missed);
    steps = List.copyOf(steps);
  }

  /// What a condition says of a request.
  public enum Truth {
    TRUE,
    FALSE,
    /// It cannot be evaluated.
    FAILED,
    /// It depends on a value that is not known, or that policy cannot represent.
    UNDECIDED;

    Truth opposite() {
      return switch (this) {
        case TRUE -> FALSE;
        case FALSE -> TRUE;
        case FAILED, UNDECIDED -> this;
      };
    }
  }

  /// One condition and its answer.
  ///
  /// @param seen the facts that it looked at; they are the request's, so show them only to those
  ///   who may see the request
  /// @param message why it [failed][Truth#FAILED]; otherwise empty
  public record Step(Condition condition, Truth truth, List<Seen> seen, String message) {
    public Step {
      seen = List.copyOf(seen);
    }
  }

  /// One fact.
  ///
  /// @param fact as Cedar source: `context.stage`
  /// @param value as Cedar source, cut where it is very long; `(absent)` where there is none
  public record Seen(String fact, String value) {}

  /// Returns the same without the request's facts, for those who may not see them.
  public Trace withoutFacts() {
    var bare =
        steps.stream()
            .map(step -> new Step(step.condition(), step.truth(), List.of(), step.message()))
            .toList();
    return new Trace(policy, missed, bare, truth);
  }

  /// Whether the policy's scope covers the request.
  public boolean covers() {
    return missed.isEmpty();
  }

  /// The outermost conditions that kept the policy from being satisfied.
  public List<Step> against() {
    return steps.stream()
        .filter(step -> step.condition().depth() == 0 && step.truth() != Truth.TRUE)
        .toList();
  }
}
