package dev.remit.server.tokens;

import com.nimbusds.jose.JWSAlgorithm;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes, replaces, revokes and retires the keys that sign task tokens: a row and its entry in one
/// transaction, whichever node does it.
///
/// A rotation ends nothing: the next key is published ahead, takes over at a moment told in its
/// row, and the one before it is trusted until its last token has expired. A roll is for a key that
/// somebody else may have: it takes the trust from every key there is, and so from every token that
/// was ever signed, in one step and at every node, in the order of [Standings] and as fast. Why one
/// person may: ADR 0047.
final class KeyChange {
  private final Ledger ledger;
  private final MasterKey master;
  private final Losses losses;
  private final KeyTimes times;
  private final Duration trustedFor;
  private final SigningKeyStore store = new SigningKeyStore();
  private final StandingStore standings = new StandingStore();

  /// @param trustedFor how long the longest-lived thing that a key has signed may live
  KeyChange(Ledger ledger, MasterKey master, Losses losses, KeyTimes times, Duration trustedFor) {
    this.ledger = ledger;
    this.master = master;
    this.losses = losses;
    this.times = times;
    this.trustedFor = trustedFor;
  }

  /// Who wants a change, and why.
  record Wish(PersonName by, String reason) {}

  /// What becomes of asking for another key.
  sealed interface Rotation {

    /// The next one is published, and signs from `signsFrom` on.
    record Begun(String kid, Instant signsFrom) implements Rotation {}

    /// There is a next one already.
    record UnderWay(String kid, Instant signsFrom) implements Rotation {}
  }

  /// What a roll did.
  ///
  /// @param revoked the keys that are dead
  /// @param kid the one that signs now
  record Roll(List<String> revoked, String kid) {
    Roll {
      revoked = List.copyOf(revoked);
    }
  }

  /// Makes the first key where there is none.
  void ensureOne(Instant now) {
    ledger.transact(recording -> {
      store.lock(recording.tx());
      return store.trusted(recording.tx()).isEmpty()
          ? add(recording, now, now, Optional.empty())
          : "";
    });
  }

  /// Makes the next key if the one that signs has done so for long enough.
  Optional<Rotation> rotateIfDue(Instant now) {
    return ledger.transact(recording -> {
      store.lock(recording.tx());
      var youngest = store.trusted(recording.tx()).getFirst();
      return youngest.signsFrom().plus(times.rotateEvery()).isAfter(now)
          ? Optional.empty()
          : Optional.of(begin(recording, now, Optional.empty()));
    });
  }

  Rotation rotate(Wish wish, Instant now) {
    return ledger.transact(recording -> {
      store.lock(recording.tx());
      var youngest = store.trusted(recording.tx()).getFirst();
      return youngest.signsFrom().isAfter(now)
          ? new Rotation.UnderWay(youngest.kid(), youngest.signsFrom())
          : begin(recording, now, Optional.of(wish));
    });
  }

  /// Revokes every key and signs with a new one from now on.
  Roll roll(Wish wish, Instant now) {
    var killed = new ArrayList<Loss>();
    var roll =
        ledger.transact(recording -> {
          killed.clear();
          // The head first: it is what every change waits for, so two at once cannot deadlock.
          long seq = standings.next(recording.tx());
          store.lock(recording.tx());
          var revoked = store.revokeAll(recording.tx(), now, seq);
          for (var kid : revoked) {
            recording.append(
                Entry.of(EntryType.KEY_REVOKED, now)
                    .with("kid", kid)
                    .with("use", "task-token")
                    .with("by", wish.by().value())
                    .with("reason", wish.reason())
                    .with("seq", seq));
            killed.add(new Loss.KeyRevoked(seq, kid));
          }
          return new Roll(revoked, add(recording, now, now, Optional.of(wish)));
        });
    // This node need not wait for its own announcement.
    killed.forEach(losses::add);
    return roll;
  }

  /// Deletes the keys that nothing is left of, and records that they are gone.
  int retire(Instant now) {
    return ledger.transact(recording -> {
      store.lock(recording.tx());
      var gone = store.deleteUnused(recording.tx(), now.minus(trustedFor));
      for (var kid : gone) {
        recording.append(
            Entry.of(EntryType.KEY_RETIRED, now).with("kid", kid).with("use", "task-token"));
      }
      return gone.size();
    });
  }

  private Rotation begin(Recording recording, Instant now, Optional<Wish> wish) {
    var signsFrom = now.plus(times.publishAhead());
    return new Rotation.Begun(add(recording, now, signsFrom, wish), signsFrom);
  }

  private String add(Recording recording, Instant now, Instant signsFrom, Optional<Wish> wish) {
    var key = SigningKey.fresh();
    var kid = key.getKeyID();
    byte[] jwk = key.toJSONString().getBytes(StandardCharsets.UTF_8);
    byte[] wrapped = master.wrap(jwk, SigningKey.purpose(kid));
    var row =
        new SigningKeyStore.StoredKey(kid, key.toPublicJWK().toJSONString(), wrapped, signsFrom);
    store.add(recording.tx(), row, now);
    recording.append(
        Entry.of(EntryType.KEY_CREATED, now)
            .with("use", "task-token")
            .with("algorithm", JWSAlgorithm.ES256.getName())
            .with("kid", kid)
            .with("sealed", Digest.of(wrapped))
            .with("signsFrom", signsFrom)
            .withMaybe("by", wish.map(one -> one.by().value()))
            .withMaybe("reason", wish.map(Wish::reason)));
    return kid;
  }
}
