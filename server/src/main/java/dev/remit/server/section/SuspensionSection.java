package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// Stopping, and letting go on again, which takes two people.
public record SuspensionSection(
    @Setting(value = "24h", says = "how long a second person may take to agree to a resumption")
        Duration resumeWithin,
    @Setting(
            value = "10s",
            says =
                "how long is waited for every part of a suspension or of a task's end, before the"
                    + " outcome is recorded with what is still under way")
        Duration measureWithin) {
  public SuspensionSection {
    between("resumeWithin", resumeWithin, Duration.ofMinutes(1), Duration.ofDays(7));
    between("measureWithin", measureWithin, Duration.ofSeconds(1), Duration.ofMinutes(5));
  }
}
