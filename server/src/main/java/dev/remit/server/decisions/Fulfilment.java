package dev.remit.server.decisions;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Narrowing;
import dev.remit.kernel.policy.Obligation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Whether the obligations of a [Decision.Modify] can be fulfilled for one call, as far as that can
/// be said before its result is there.
///
/// What is sent must itself be permitted: the narrowed call is asked about again, and obligations
/// that it brings hold as well.
final class Fulfilment {

  private Fulfilment() {}

  /// Returns `modify`, perhaps with more obligations, or the denial.
  ///
  /// @param answer what policy says of the same question with other arguments
  static Decision of(
      Decision.Modify modify,
      Question question,
      JsonNode asked,
      Function<JsonNode, Decision> answer) {
    var redactions = modify.obligations().redactions();
    if (question.action() == Action.ASK) {
      if (!redactions.stream().allMatch(Obligation.Redact::isOfSecrets)) {
        return unfulfilled(modify, "of a question and its answer only `secrets` can be redacted");
      }
    } else if (!redactions.isEmpty() && !hasResult(question.action())) {
      return unfulfilled(modify, "only results of tools and reads can be redacted");
    }
    return switch (Narrowing.of(asked, modify.obligations().limits())) {
      case Narrowing.Unchanged() -> modify;
      case Narrowing.Impossible(var why) -> unfulfilled(modify, why);
      case Narrowing.Narrowed(var arguments) ->
          switch (answer.apply(arguments)) {
            case Decision.Allow _ -> modify;
            case Decision.Modify again -> together(modify, again);
            case Decision.Hold other -> unfulfilled(modify, narrowedIs(other));
            case Decision.Defer other -> unfulfilled(modify, narrowedIs(other));
            case Decision.Deny other -> unfulfilled(modify, narrowedIs(other));
          };
    };
  }

  private static boolean hasResult(Action action) {
    return action == Action.CALL || action == Action.READ;
  }

  private static String narrowedIs(Decision other) {
    return "of the narrowed call, policy says `" + other.word() + "`";
  }

  private static Decision unfulfilled(Decision.Modify modify, String why) {
    return Decision.Deny.unfulfilled(modify.because(), modify.errors(), why);
  }

  /// Both, as one answer.
  static Decision.Modify together(Decision.Modify modify, Decision.Modify again) {
    var because = new LinkedHashSet<>(modify.because());
    because.addAll(again.because());
    var errors = new LinkedHashSet<>(modify.errors());
    errors.addAll(again.errors());
    return new Decision.Modify(
        List.copyOf(because), modify.obligations().and(again.obligations()), List.copyOf(errors));
  }
}
