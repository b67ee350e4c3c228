package dev.remit.server.risk;

import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.RiskClass;

/// How a site weighs risk: local policy, with defaults that are nobody's standard.
///
/// @param dataPoints for data of sensitivity 100; less sensitive data in proportion
/// @param effectPoints for the worst effect, which is showing secrets or running code; others in
///   the proportion of [#of(Effect)]
/// @param productionPoints more where a side effect is in production
/// @param autonomyPoints for acting alone; a third of it for acting with confirmation
/// @param modelPoints for a model that is beta or not declared; others in proportion
/// @param compoundPoints for each two of: unstable model, more authority than is named, secrets in
///   several places
/// @param sensitiveFrom from which sensitivity context counts as sensitive
/// @param broadTools more tools than this in one grant are more authority than a task needs
/// @param moderateFrom points from which the class is moderate
/// @param highFrom points from which it is high
/// @param criticalFrom points from which it is critical
public record RiskRules(
    int dataPoints,
    int effectPoints,
    int productionPoints,
    int autonomyPoints,
    int modelPoints,
    int compoundPoints,
    int sensitiveFrom,
    int broadTools,
    int moderateFrom,
    int highFrom,
    int criticalFrom) {

  public static final RiskRules DEFAULT = new RiskRules(30, 30, 5, 15, 15, 10, 40, 20, 25, 50, 75);

  /// The highest score.
  static final int SCORE_MAX = 100;

  public RiskRules {
    if (moderateFrom < 1 || highFrom <= moderateFrom || criticalFrom <= highFrom) {
      throw new IllegalArgumentException(
          "the classes begin at ascending points from 1, not at %d, %d and %d"
              .formatted(moderateFrom, highFrom, criticalFrom));
    }
  }

  int of(Effect effect) {
    return switch (effect) {
      case READ -> 0;
      case WRITE -> effectPoints / 3;
      case TICKETS -> effectPoints / 2;
      case DESTRUCTIVE, CLOUD_API -> effectPoints * 5 / 6;
      case SECRETS, CODE_EXECUTION -> effectPoints;
    };
  }

  int of(Lifecycle lifecycle) {
    return switch (lifecycle) {
      case GA -> 0;
      case DEPRECATED -> modelPoints / 3;
      case BETA -> modelPoints;
      case WITHDRAWN -> modelPoints * 5 / 3;
    };
  }

  RiskClass of(long score) {
    if (score >= criticalFrom) {
      return RiskClass.CRITICAL;
    }
    if (score >= highFrom) {
      return RiskClass.HIGH;
    }
    return score >= moderateFrom ? RiskClass.MODERATE : RiskClass.LOW;
  }
}
