package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// How pilots come into production, and how long they stay there when proofs decay.
public record PromotionSection(
    @Setting(
            value = "required",
            says =
                "`required`: a workflow comes into production by promotion only, and is demoted when"
                    + " its proofs decay; `advisory`: manifests may say `production`, and what"
                    + " decays is a finding and no more")
        Gate gate,
    @Setting(value = "30d", says = "how far back the gate looks at what was done")
        Duration lookBack,
    @Setting(
            value = "20000",
            says = "most entries that one look takes; with more it looks back less far")
        int entriesMax,
    @Setting(value = "7d", says = "how old a drill or an exercise may be") Duration provenWithin,
    @Setting(value = "9900", says = "least completeness of evidence, in ten-thousandths")
        int completenessMin,
    @Setting(value = "50", says = "percent of a grant's tools that may not have been used")
        int unusedPercentMax,
    @Setting(value = "30d", says = "least time for which evidence is kept") Duration retentionMin,
    @Setting(
            value = "30",
            says =
                "least percent that must be visible of each of model, tool chain and secrets of what"
                    + " decides a workflow's identities")
        int telemetryMin,
    @Setting(
            value = "required",
            says =
                "`required`: what decides a workflow's identities must have passed the evaluations"
                    + " that its reach demands; `advisory`: the gate does not ask for that")
        Gate modelSafety,
    @Setting(value = "24h", says = "how long a second person may take to agree")
        Duration answerWithin,
    @Setting(
            value = "72h",
            says = "how long after the notice a workflow whose proofs have decayed is demoted")
        Duration grace,
    @Setting(value = "30d", says = "how long a demoted workflow is a pilot before it ends")
        Duration demotedFor,
    @Setting(value = "15m", says = "how often workflows in production are looked at")
        Duration sweepEvery,
    @Setting(value = "15s", says = "how long an exercise waits for its alert")
        Duration alertWithin) {
  public enum Gate {
    REQUIRED,
    ADVISORY
  }

  public PromotionSection {
    between("lookBack", lookBack, Duration.ofMinutes(1), Duration.ofDays(366));
    between("entriesMax", entriesMax, 100, 1_000_000);
    between("provenWithin", provenWithin, Duration.ofSeconds(1), Duration.ofDays(366));
    between("completenessMin", completenessMin, 0, 10_000);
    between("unusedPercentMax", unusedPercentMax, 0, 100);
    between("retentionMin", retentionMin, Duration.ofDays(1), Duration.ofDays(36_500));
    between("telemetryMin", telemetryMin, 0, 100);
    between("answerWithin", answerWithin, Duration.ofMinutes(1), Duration.ofDays(30));
    between("grace", grace, Duration.ZERO, Duration.ofDays(30));
    between("demotedFor", demotedFor, Duration.ofDays(1), Duration.ofDays(180));
    between("sweepEvery", sweepEvery, Duration.ofSeconds(1), Duration.ofDays(1));
    between("alertWithin", alertWithin, Duration.ofSeconds(1), Duration.ofMinutes(1));
  }
}
