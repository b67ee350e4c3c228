package dev.remit.server.lending;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.lending.postgres.Place;
import dev.remit.server.lending.postgres.Roles;
import java.time.Duration;
import java.time.Instant;

/// What the ledger says of a credential. Never the password, nor what it could be checked by.
final class LendingEntries {
  private static final int TEXT_MAX = 512;

  private LendingEntries() {}

  static Entry intended(Lent lent) {
    return about(EntryType.CREDENTIAL_INTENDED, lent, lent.intendedAt())
        .with("profile", lent.profile())
        .with("role", lent.role())
        .with("where", lent.place().toString())
        .with("expiresAt", lent.expiresAt())
        .with("of", lent.decision().value());
  }

  static Entry issued(Lent lent, Duration took, Instant now) {
    return about(EntryType.CREDENTIAL_ISSUED, lent, now).with("tookMicros", micros(took));
  }

  static Entry revoking(Lent lent, String by) {
    return about(EntryType.CREDENTIAL_REVOKING, lent, lent.revokingAt().orElseThrow())
        .with("reason", lent.reason().orElseThrow())
        .with("by", by);
  }

  static Entry stuck(Lent lent, String error, Instant now) {
    return about(EntryType.CREDENTIAL_STUCK, lent, now)
        .with("attempts", lent.attempts() + 1)
        .with("detail", shortened(error));
  }

  /// The control's outcome: that it is gone, and how long each step took.
  static Entry ended(Lent lent, Roles.Gone gone, Instant now) {
    var since = lent.revokingAt().orElse(now);
    return about(EntryType.CREDENTIAL_ENDED, lent, now)
        .with("reason", lent.reason().orElse(""))
        .with("existed", gone.existed())
        .with("sessions", gone.sessions())
        .with("owned", gone.owned())
        .with("attempts", lent.attempts() + 1)
        .with("lockMicros", micros(gone.lock()))
        .with("terminateMicros", micros(gone.terminate()))
        .with("dropMicros", micros(gone.drop()))
        .with("verifyMicros", micros(gone.verify()))
        .with("tookMicros", Math.max(0, micros(Duration.between(since, now))));
  }

  static Entry swept(Place place, String role, Roles.Gone gone, Instant now) {
    return Entry.of(EntryType.CREDENTIAL_SWEPT, now)
        .with("where", place.toString())
        .with("role", role)
        .with("sessions", gone.sessions())
        .with("owned", gone.owned());
  }

  static Entry quarantined(String place, boolean quarantined, String by, long behind, Instant now) {
    return Entry.of(EntryType.CREDENTIAL_QUARANTINED, now)
        .with("where", place)
        .with("quarantined", quarantined)
        .with("by", by)
        .with("behind", behind);
  }

  private static Entry about(EntryType type, Lent lent, Instant now) {
    return Entry.of(type, now)
        .with("credential", lent.id().value())
        .with("identity", lent.subject().value())
        .with("workflow", lent.workflow().value())
        .with("task", lent.task().value())
        .with("resource", lent.resource().value());
  }

  static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
