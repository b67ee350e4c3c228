package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.kernel.identity.Role;
import dev.remit.server.settings.Setting;
import java.time.Duration;
import java.util.List;

/// Switching enforcement off, which two people can for a while; for all, or for a few calls.
public record EnforcementSection(
    @Setting(value = "24h", says = "longest time for which policy may be observed only")
        Duration observeMax,
    @Setting(value = "1h", says = "how long a second person may take to agree")
        Duration answerWithin,
    Emergency emergency) {
  public EnforcementSection {
    between("observeMax", observeMax, Duration.ofMinutes(1), Duration.ofDays(7));
    between("answerWithin", answerWithin, Duration.ofMinutes(1), Duration.ofDays(1));
  }

  /// Breaking glass for one identity or workflow.
  public record Emergency(
      @Setting(
              says =
                  "roles of who may ask for it and agree to it; by default `break-glass`,"
                      + " `security` and `admin`")
          List<Role> roles,
      @Setting(
              value = "false",
              says = "whether one person is enough where no second one can be reached")
          boolean alone,
      @Setting(value = "30m", says = "longest time that glass may be broken for") Duration lastsMax,
      @Setting(value = "20", says = "most calls that may go on by it") int callsMax,
      @Setting(value = "30m", says = "how long a second person may take to agree")
          Duration answerWithin,
      @Setting(
              value = "3d",
              says = "how long after it somebody who had no part in it may take to review it")
          Duration reviewWithin) {
    public Emergency {
      roles = List.copyOf(roles);
      between("lastsMax", lastsMax, Duration.ofMinutes(1), Duration.ofHours(4));
      between("callsMax", callsMax, 1, 1_000);
      between("answerWithin", answerWithin, Duration.ofMinutes(1), Duration.ofHours(4));
      between("reviewWithin", reviewWithin, Duration.ofHours(1), Duration.ofDays(14));
    }
  }
}
