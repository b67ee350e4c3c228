package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// Accepting a finding for a while, which takes two people.
public record ExceptionsSection(
    @Setting(value = "90d", says = "longest time for which a finding is accepted")
        Duration lastsMax,
    @Setting(value = "24h", says = "how long a second person may take to agree")
        Duration answerWithin) {
  public ExceptionsSection {
    between("lastsMax", lastsMax, Duration.ofHours(1), Duration.ofDays(366));
    between("answerWithin", answerWithin, Duration.ofMinutes(1), Duration.ofDays(30));
  }
}
