package dev.remit.kernel.policy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;

/// The arguments of a call under [Obligation.Limit]s: what may be sent in place of what was asked.
///
/// Pure, so that whoever holds the arguments and the decision can say again what was sent.
public sealed interface Narrowing {

  /// Every limited number keeps to its limit as it is.
  record Unchanged() implements Narrowing {}

  /// Some numbers were beyond their limit.
  ///
  /// @param arguments a copy in which numbers beyond a limit are that limit
  record Narrowed(JsonNode arguments) implements Narrowing {}

  /// A limit cannot be kept: the number is absent, no number, or below the least.
  ///
  /// @param why names the argument and the limit, never a value
  record Impossible(String why) implements Narrowing {}

  static Narrowing of(JsonNode arguments, List<Obligation.Limit> limits) {
    var narrowed = arguments;
    boolean isNarrowed = false;
    for (var limit : limits) {
      var at = JsonPointer.compile(limit.argument());
      var found = narrowed.at(at);
      var impossible = impossible(found, limit);
      if (impossible.isPresent()) {
        return new Impossible(impossible.get());
      }
      if (compare(found, limit.max()) > 0) {
        narrowed = isNarrowed ? narrowed : arguments.deepCopy();
        isNarrowed = true;
        if (!(narrowed.at(at.head()) instanceof ObjectNode parent)) {
          return new Impossible("`" + limit.argument() + "` is not a member of an object");
        }
        parent.set(at.last().getMatchingProperty(), LongNode.valueOf(limit.max()));
      }
    }
    return isNarrowed ? new Narrowed(narrowed) : new Unchanged();
  }

  private static Optional<String> impossible(JsonNode found, Obligation.Limit limit) {
    var name = "`" + limit.argument() + "`";
    if (found.isMissingNode() || found.isNull()) {
      return Optional.of(
          "the argument %s is absent: send it, at most %d".formatted(name, limit.max()));
    }
    if (!found.isNumber()) {
      return Optional.of("the argument " + name + " is not a number");
    }
    if (found.isDouble() && !Double.isFinite(found.doubleValue())) {
      return Optional.of("the argument " + name + " is beyond all numbers");
    }
    return compare(found, limit.min()) < 0
        ? Optional.of("the argument %s is below %d".formatted(name, limit.min()))
        : Optional.empty();
  }

  private static int compare(JsonNode number, long bound) {
    return number.decimalValue().compareTo(BigDecimal.valueOf(bound));
  }
}
