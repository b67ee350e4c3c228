package dev.remit.server.risk;

import dev.remit.kernel.identity.RiskClass;
import java.util.List;

/// How much harm something could do, and why.
///
/// @param score 0 to 100; orders what has the same class
/// @param riskClass what the score says, or the greatest least class of a reason
/// @param reasons those that set the class first, then by their points; empty where nothing is
///   within reach
public record Risk(long score, RiskClass riskClass, List<Reason> reasons) {
  /// Of what can reach nothing.
  static final Risk NONE = new Risk(0, RiskClass.LOW, List.of());

  public Risk {
    reasons = List.copyOf(reasons);
    if (score < 0 || score > RiskRules.SCORE_MAX) {
      throw new IllegalArgumentException("a score is 0 to 100, was " + score);
    }
  }
}
