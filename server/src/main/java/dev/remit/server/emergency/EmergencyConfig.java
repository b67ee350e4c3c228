package dev.remit.server.emergency;

import dev.remit.kernel.identity.Role;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// The local policy of breaking glass.
///
/// @param roles who may ask for it and agree to it; never empty
/// @param alone whether one person is enough, where no other can be reached
/// @param lastsMax longest time that may be asked for
/// @param callsMax most calls that may be asked for
/// @param answerWithin how long a second person may take to agree
/// @param reviewWithin how long after its end somebody else may take to review it
public record EmergencyConfig(
    Set<Role> roles,
    boolean alone,
    Duration lastsMax,
    int callsMax,
    Duration answerWithin,
    Duration reviewWithin) {
  public static final EmergencyConfig DEFAULT =
      new EmergencyConfig(
          EnumSet.of(Role.BREAK_GLASS, Role.SECURITY, Role.ADMIN),
          false,
          Duration.ofMinutes(30),
          20,
          Duration.ofMinutes(30),
          Duration.ofDays(3));

  public EmergencyConfig {
    roles = Set.copyOf(roles);
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("somebody may break glass");
    }
  }
}
