package dev.remit.server.emergency;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import java.time.Instant;

/// What the ledger is told of emergencies.
final class EmergencyEntries {
  private EmergencyEntries() {}

  static Entry requested(Emergency fresh, Instant now) {
    var lifted = fresh.lifted();
    return Entry.of(EntryType.EMERGENCY_REQUESTED, now)
        .with("id", fresh.id().value())
        .with("workflow", lifted.workflow().value())
        .withMaybe("identity", lifted.identity().map(IdentityName::value))
        .with("resource", lifted.resource().value())
        .withMaybe("tool", lifted.tool())
        .with("calls", fresh.calls())
        .with("seconds", fresh.lasts().toSeconds())
        .with("by", fresh.requestedBy().value())
        .with("lapsesAt", fresh.lapsesAt());
  }

  /// @param outcome `agreed`, `alone`, `declined` or `lapsed`
  static Entry settled(Emergency one, String outcome, String by, Instant now) {
    return about(EntryType.EMERGENCY_SETTLED, one, now).with("outcome", outcome).with("by", by);
  }

  static Entry used(Emergency one, Use use, Instant now) {
    return about(EntryType.EMERGENCY_USED, one, now)
        .with("decision", use.decision().value())
        .with("subject", use.subject().value())
        .with("task", use.task().value())
        .with("number", one.used() + 1);
  }

  /// @param why `expired`, `spent` or `ended`
  static Entry ended(Emergency one, String why, String by, Instant now) {
    return about(EntryType.EMERGENCY_ENDED, one, now).with("why", why).with("by", by);
  }

  static Entry reviewed(Emergency one, Emergency.Review review) {
    return about(EntryType.EMERGENCY_REVIEWED, one, review.at())
        .with("justified", review.justified())
        .with("by", review.by().value());
  }

  private static Entry about(EntryType type, Emergency one, Instant now) {
    return Entry.of(type, now)
        .with("of", one.id().value())
        .with("workflow", one.lifted().workflow().value());
  }
}
