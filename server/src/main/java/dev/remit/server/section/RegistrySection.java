package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// Bounds of what may be declared.
public record RegistrySection(
    @Setting(value = "180d", says = "how far ahead a pilot's expiry may lie") Duration pilotMax,
    @Setting(value = "366d", says = "how far ahead a grant's expiry may lie") Duration grantMax,
    @Setting(value = "120d", says = "the same for a pilot of high or critical risk")
        Duration pilotHighMax,
    @Setting(value = "120d", says = "the same for a grant in a workflow of high or critical risk")
        Duration grantHighMax,
    @Setting(value = "2000", says = "most files in one plan or apply") int filesMax,
    @Setting(value = "100000", says = "most things declared altogether") int declaredMax,
    @Setting(
            value = "production",
            says =
                "which changes wait for a second person: `production` is those that touch what a"
                    + " workflow in production rests on")
        SecondPerson secondPerson,
    @Setting(value = "24h", says = "how long a second person may take to agree to a change")
        Duration agreeWithin,
    @Setting(value = "30d", says = "longest that a delegate stands in for somebody")
        Duration delegationMax) {
  public enum SecondPerson {
    PRODUCTION,
    ALWAYS,
    NEVER
  }

  public RegistrySection {
    between("agreeWithin", agreeWithin, Duration.ofMinutes(1), Duration.ofDays(30));
    between("delegationMax", delegationMax, Duration.ofHours(1), Duration.ofDays(366));
  }
}
