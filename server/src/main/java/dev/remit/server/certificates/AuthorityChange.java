package dev.remit.server.certificates;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Makes, replaces, revokes and retires authorities: a row and its entry in one transaction,
/// whichever node does it.
///
/// A rotation ends nothing: the next one is in the bundle before it signs, and the one before it
/// stays there until its last certificate has expired. A roll is for a key that somebody else may
/// have: no authority is trusted any more, and what they signed is revoked.
final class AuthorityChange {
  private final CertificateConfig config;
  private final Ledger ledger;
  private final MasterKey master;
  private final AuthorityStore store = new AuthorityStore();

  AuthorityChange(CertificateConfig config, Ledger ledger, MasterKey master) {
    this.config = config;
    this.ledger = ledger;
    this.master = master;
  }

  /// Who wants a change, and why.
  record Wish(PersonName by, String reason) {}

  /// What becomes of asking for another authority.
  sealed interface Rotation {

    /// The next one is published, and signs from `signsFrom` on.
    record Begun(String id, Instant signsFrom) implements Rotation {}

    /// There is a next one already.
    record UnderWay(String id, Instant signsFrom) implements Rotation {}
  }

  /// What a roll did.
  ///
  /// @param revoked those that are trusted no more
  /// @param id the one that signs now
  record Roll(List<String> revoked, String id) {
    Roll {
      revoked = List.copyOf(revoked);
    }
  }

  /// Makes one that signs at once where there is none that still may.
  void ensureOne(Instant now) {
    ledger.transact(recording -> {
      store.lock(recording.tx());
      boolean any =
          store.trusted(recording.tx()).stream()
              .anyMatch(one -> one.expiresAt().isAfter(now.plus(config.lifetimeMax())));
      return any ? "" : add(recording, now, now, Optional.empty());
    });
  }

  /// Makes the next one if the one that signs has done so for long enough.
  Optional<Rotation> rotateIfDue(Instant now) {
    return ledger.transact(recording -> {
      store.lock(recording.tx());
      var youngest = store.trusted(recording.tx()).getFirst();
      return youngest.signsFrom().plus(config.rotateEvery()).isAfter(now)
          ? Optional.empty()
          : Optional.of(begin(recording, now, Optional.empty()));
    });
  }

  Rotation rotate(Wish wish, Instant now) {
    return ledger.transact(recording -> {
      store.lock(recording.tx());
      var youngest = store.trusted(recording.tx()).getFirst();
      return youngest.signsFrom().isAfter(now)
          ? new Rotation.UnderWay(youngest.id(), youngest.signsFrom())
          : begin(recording, now, Optional.of(wish));
    });
  }

  /// Takes the trust from every one, and signs with a new one from now on.
  Roll roll(Wish wish, Instant asked) {
    var now = asked.truncatedTo(ChronoUnit.MICROS);
    return ledger.transact(recording -> {
      store.lock(recording.tx());
      var revoked = store.revokeAll(recording.tx(), now);
      revoked.forEach(id -> recording.append(CertificateEntries.revoked(id, wish, now)));
      return new Roll(revoked, add(recording, now, now, Optional.of(wish)));
    });
  }

  /// Deletes those that nothing is left of, with their lists.
  int retire(Instant now) {
    return ledger.transact(recording -> {
      store.lock(recording.tx());
      var gone = store.deleteUnneeded(recording.tx(), now.minus(config.neededFor()));
      gone.forEach(id -> recording.append(CertificateEntries.retired(id, now)));
      return gone.size();
    });
  }

  private Rotation begin(Recording recording, Instant now, Optional<Wish> wish) {
    var signsFrom = now.plus(config.publishAhead()).truncatedTo(ChronoUnit.MICROS);
    return new Rotation.Begun(add(recording, now, signsFrom, wish), signsFrom);
  }

  private String add(Recording recording, Instant at, Instant signsFrom, Optional<Wish> wish) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    // Twice its time: a deployment that is away when the next one is due comes back to one that
    // still holds.
    var expiresAt =
        signsFrom
            .plus(config.rotateEvery().multipliedBy(2))
            .plus(config.lifetimeMax())
            .truncatedTo(ChronoUnit.SECONDS);
    var fresh = Authority.fresh(config.trustDomain(), now, expiresAt);
    var stored =
        new AuthorityStore.Stored(
            fresh.id(),
            fresh.certificate(),
            master.wrap(fresh.key(), Authority.purpose(fresh.id())),
            signsFrom.truncatedTo(ChronoUnit.MICROS),
            expiresAt,
            Optional.empty());
    store.add(recording.tx(), stored, now);
    recording.append(CertificateEntries.authority(stored, wish, now));
    return fresh.id();
  }
}
