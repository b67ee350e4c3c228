package dev.remit.server.emergency;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Finding.Severity;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Recording;
import java.time.Instant;
import java.util.List;

/// The findings of an emergency: one from when it is opened until it is reviewed, another once the
/// review is late. Both are about the workflow, whose promotion they stand in the way of.
final class Alarms {
  static final String BROKEN = "break-glass";
  static final String UNREVIEWED = "break-glass-unreviewed";

  private final Findings findings;

  Alarms(Findings findings) {
    this.findings = findings;
  }

  void opened(Recording recording, Emergency one, boolean alone, Instant until, Instant now) {
    findings.raise(
        recording,
        new Finding.Sighting(
            BROKEN,
            subject(one),
            Severity.HIGH,
            "%s opened an emergency%s: up to %d %s go on until %s, whatever policy says"
                .formatted(
                    one.requestedBy(),
                    alone ? " ALONE" : "",
                    one.calls(),
                    one.lifted().said(),
                    until),
            "see that it is wanted, or end it: remit break-glass end %1$s; afterwards somebody who had no part in it: remit break-glass review %1$s"
                .formatted(one.id()),
            Role.SECURITY),
        now);
  }

  /// Raises it unless it is open. Somebody who closes it without a review finds it raised again.
  void unreviewed(Recording recording, Emergency one, Instant now) {
    if (!findings.isOpen(recording.tx(), UNREVIEWED, subject(one))) {
      findings.raise(
          recording,
          new Finding.Sighting(
              UNREVIEWED,
              subject(one),
              Severity.HIGH,
              "nobody has reviewed the emergency %s, which was due at %s"
                  .formatted(one.id(), one.reviewBy().orElseThrow()),
              "let somebody who had no part in it say whether it was justified: remit break-glass review %s"
                  .formatted(one.id()),
              Role.SECURITY),
          now);
    }
  }

  void reviewed(Recording recording, Emergency one, PersonName by, String says, Instant now) {
    for (var kind : List.of(BROKEN, UNREVIEWED)) {
      findings.close(recording, kind, subject(one), by, says, now);
    }
  }

  /// Names the workflow as a word of its own, by which the gate finds it.
  private static String subject(Emergency one) {
    return one.lifted().workflow() + " " + one.id();
  }
}
