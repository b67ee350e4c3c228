package dev.remit.server.risk;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.server.registry.Ref;
import java.util.List;
import java.util.Optional;

/// One thing that makes a risk what it is.
///
/// @param rule a word for it, such as `secrets-within-reach`
/// @param says it in one sentence
/// @param points what it adds to the score; 0 where it only sets the least class
/// @param atLeast the class that the risk has on its account, whatever the score
/// @param rows what is declared that it comes from; never empty
public record Reason(
    String rule, String says, int points, Optional<RiskClass> atLeast, List<Ref> rows) {
  public Reason {
    rows = rows.stream().distinct().sorted().toList();
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a reason comes from something: " + rule);
    }
  }

  static Reason points(String rule, String says, int points, List<Ref> rows) {
    return new Reason(rule, says, points, Optional.empty(), rows);
  }

  static Reason atLeast(RiskClass least, String rule, String says, List<Ref> rows) {
    return new Reason(rule, says, 0, Optional.of(least), rows);
  }
}
