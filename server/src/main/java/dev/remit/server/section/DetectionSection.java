package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// When the use of credentials counts as wrong.
public record DetectionSection(
    @Setting(value = "1s", says = "how often new entries are looked at") Duration every,
    @Setting(
            value = "30d",
            says = "within which time two identities are not to use one key or account")
        Duration keyWithin,
    @Setting(
            value = "10s",
            says = "how long after the end of its task a token may be tried in good faith")
        Duration lateAfter,
    @Setting(
            value = "5",
            says =
                "how often an identity is refused what it has no grant for, within"
                    + " `outsideWithin`, before that is a finding")
        int outsideMin,
    @Setting(value = "10m", says = "the time in which these are counted") Duration outsideWithin,
    @Setting(
            value = "1m",
            says = "within which time one token is not to be used from two addresses")
        Duration placesWithin) {
  public DetectionSection {
    between("every", every, Duration.ofMillis(100), Duration.ofMinutes(10));
    between("keyWithin", keyWithin, Duration.ofMinutes(1), Duration.ofDays(366));
    between("lateAfter", lateAfter, Duration.ZERO, Duration.ofHours(1));
    between("outsideMin", outsideMin, 1, 10_000);
    between("outsideWithin", outsideWithin, Duration.ofSeconds(1), Duration.ofDays(1));
    between("placesWithin", placesWithin, Duration.ZERO, Duration.ofHours(1));
  }
}
