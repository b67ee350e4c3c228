package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// Switching enforcement off, which two people can for a while.
public record EnforcementSection(
    @Setting(value = "24h", says = "longest time for which policy may be observed only")
        Duration observeMax,
    @Setting(value = "1h", says = "how long a second person may take to agree")
        Duration answerWithin) {
  public EnforcementSection {
    between("observeMax", observeMax, Duration.ofMinutes(1), Duration.ofDays(7));
    between("answerWithin", answerWithin, Duration.ofMinutes(1), Duration.ofDays(1));
  }
}
