package dev.remit.server.gateway;

import dev.remit.kernel.identity.EmergencyId;
import dev.remit.server.emergency.Emergencies;
import dev.remit.server.emergency.Use;
import java.time.InstantSource;

/// Takes, of the emergency by which a call may go on, this one call, before anything is recorded of
/// it or sent. A crash after that leaves an emergency with a call less, never a call more.
final class Glass {
  private final InstantSource clock;
  private final Emergencies emergencies;

  Glass(InstantSource clock, Emergencies emergencies) {
    this.clock = clock;
    this.emergencies = emergencies;
  }

  /// Returns what is to be done: the same, or where the emergency is spent or over by now, what
  /// policy says.
  Judged taken(Judged judged) {
    var observed = judged.decided().observed();
    if (observed.isEmpty() || !(observed.get() instanceof EmergencyId emergency)) {
      return judged;
    }
    var call = judged.call();
    var claims = call.agent().claims();
    var use = new Use(call.id(), claims.subject(), claims.task());
    return emergencies.use(emergency, use, clock.instant())
        ? judged
        : new Judged(call, judged.question(), judged.decided().enforced());
  }
}
