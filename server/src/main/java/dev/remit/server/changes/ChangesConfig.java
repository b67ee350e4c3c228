package dev.remit.server.changes;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.Word;
import java.time.Duration;

/// The local policy of changes.
///
/// @param approval which changes take a person
/// @param lasts how long an approval holds
/// @param highRiskLasts the same where the identity's risk is high, or its model a beta
/// @param canary how long a change of production is watched before it is active
/// @param rollbackWithin the target for going back
/// @param approvalWithin the target for approving anew
/// @param withdrawalAhead how long before a model is withdrawn its owner is told
public record ChangesConfig(
    Approval approval,
    Duration lasts,
    Duration highRiskLasts,
    Duration canary,
    Duration rollbackWithin,
    Duration approvalWithin,
    Duration withdrawalAhead,
    Triggers triggers) {

  public static final ChangesConfig DEFAULT =
      new ChangesConfig(
          Approval.PRODUCTION,
          Duration.ofDays(365),
          Duration.ofDays(90),
          Duration.ofHours(24),
          Duration.ofMinutes(5),
          Duration.ofDays(5),
          Duration.ofDays(30),
          Triggers.DEFAULT);

  /// Which changes take a person.
  public enum Approval implements Word {
    /// Those of workflows in production; in a pilot they are recorded and classified only.
    PRODUCTION,
    ALWAYS
  }

  /// How long an approval lasts.
  Duration lasts(RiskClass risk, boolean beta) {
    return beta || risk.isAtLeast(RiskClass.HIGH) ? highRiskLasts : lasts;
  }
}
