package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// Changes of what decides identities: models, prompts, tools.
public record ChangesSection(
    @Setting(
            value = "production",
            says =
                "which changes take a person: `production` is those of workflows in production, and"
                    + " a pilot's are recorded and classified only; `always`")
        Approval approval,
    @Setting(value = "365d", says = "how long an approval holds") Duration lasts,
    @Setting(
            value = "90d",
            says = "the same where the identity's risk is high, or its model a beta")
        Duration highRiskLasts,
    @Setting(value = "24h", says = "how long a change of production is watched before it is active")
        Duration canary,
    @Setting(value = "5m", says = "the target for going back to what was approved before")
        Duration rollbackWithin,
    @Setting(value = "5d", says = "the target for approving a change") Duration approvalWithin,
    @Setting(value = "30d", says = "how long before a model is withdrawn its owner is told")
        Duration withdrawalAhead,
    @Setting(
            says =
                "a file of triggers, in JSON, instead of those that come with the server; recorded by"
                    + " its digest")
        String triggers,
    @Setting(value = "1m", says = "how often changes are looked at") Duration sweepEvery) {
  /// Which changes take a person.
  public enum Approval {
    PRODUCTION,
    ALWAYS
  }

  public ChangesSection {
    between("lasts", lasts, Duration.ofHours(1), Duration.ofDays(3_650));
    between("highRiskLasts", highRiskLasts, Duration.ofHours(1), Duration.ofDays(3_650));
    between("canary", canary, Duration.ZERO, Duration.ofDays(90));
    between("rollbackWithin", rollbackWithin, Duration.ofSeconds(1), Duration.ofDays(1));
    between("approvalWithin", approvalWithin, Duration.ofMinutes(1), Duration.ofDays(90));
    between("withdrawalAhead", withdrawalAhead, Duration.ofHours(1), Duration.ofDays(366));
    between("sweepEvery", sweepEvery, Duration.ofMillis(100), Duration.ofHours(1));
  }
}
