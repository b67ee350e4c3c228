package dev.remit.server.certificates;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the ledger says of certificates and of the authorities that sign them.
final class CertificateEntries {
  static final String USE = "x509-svid";
  private static final String KIND = "certificate";

  private CertificateEntries() {}

  static Entry intended(Svid svid) {
    return about(EntryType.CREDENTIAL_INTENDED, svid, svid.intendedAt())
        .with("token", svid.token())
        .with("authority", svid.authority())
        .with("serial", svid.serial())
        .with("key", svid.key())
        .with("expiresAt", svid.expiresAt());
  }

  static Entry issued(Svid svid, String thumbprint, Instant now) {
    return about(EntryType.CREDENTIAL_ISSUED, svid, now).with("thumbprint", thumbprint);
  }

  static Entry revoking(Svid svid, String by) {
    return about(EntryType.CREDENTIAL_REVOKING, svid, svid.revokingAt().orElseThrow())
        .with("reason", svid.reason().orElseThrow())
        .with("by", by);
  }

  /// The control's outcome: since when everybody can know that it does not hold.
  ///
  /// @param list number of the list that tells it first
  static Entry listed(Svid svid, long list, Instant now) {
    var since = svid.revokingAt().orElse(now);
    return about(EntryType.CREDENTIAL_ENDED, svid, now)
        .with("reason", svid.reason().orElse(""))
        .with("list", list)
        .with("tookMicros", Math.max(0, Duration.between(since, now).toNanos() / 1_000));
  }

  static Entry expired(Svid svid, Instant now) {
    return about(EntryType.CREDENTIAL_ENDED, svid, now).with("reason", "expired");
  }

  static Entry authority(
      AuthorityStore.Stored stored, Optional<AuthorityChange.Wish> wish, Instant now) {
    return Entry.of(EntryType.KEY_CREATED, now)
        .with("use", USE)
        .with("algorithm", "ES256")
        .with("kid", stored.id())
        .with("certificate", Digest.of(stored.certificate()))
        .with("sealed", Digest.of(stored.wrapped()))
        .with("signsFrom", stored.signsFrom())
        .with("expiresAt", stored.expiresAt())
        .withMaybe("by", wish.map(AuthorityChange.Wish::by).map(PersonName::value))
        .withMaybe("reason", wish.map(AuthorityChange.Wish::reason));
  }

  static Entry revoked(String authority, AuthorityChange.Wish wish, Instant now) {
    return Entry.of(EntryType.KEY_REVOKED, now)
        .with("kid", authority)
        .with("use", USE)
        .with("by", wish.by().value())
        .with("reason", wish.reason());
  }

  static Entry retired(String authority, Instant now) {
    return Entry.of(EntryType.KEY_RETIRED, now).with("kid", authority).with("use", USE);
  }

  private static Entry about(EntryType type, Svid svid, Instant now) {
    return Entry.of(type, now)
        .with("credential", svid.id().value())
        .with("kind", KIND)
        .with("identity", svid.subject().value())
        .with("workflow", svid.workflow().value())
        .with("task", svid.task().value());
  }
}
