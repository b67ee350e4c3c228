package dev.remit.server.erasure;

import dev.remit.kernel.identity.LegalHoldId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Subject;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What may not be erased, whoever asks and however old it is, until somebody lifts the hold.
///
/// Each is one transaction with its ledger entry. Why one was placed is itself out of reach of any
/// erasure.
public final class LegalHolds {
  private static final int LIST_MAX = 500;

  private final Database database;
  private final Ledger ledger;
  private final LegalHoldStore store = new LegalHoldStore();

  public LegalHolds(Database database, Ledger ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  /// Places a hold; what is under one stays under that one.
  ///
  /// @return the hold that stands now
  public LegalHold place(
      ErasureScope.Kind kind, String subject, String reason, PersonName by, Instant now) {
    var fresh =
        new LegalHold(LegalHoldId.fresh(now), kind, subject, reason, by, now, Optional.empty());
    return ledger.transact(recording -> {
      store.alone(recording.tx());
      if (store.insert(recording.tx(), fresh)) {
        recording.append(
            entry(EntryType.LEGALHOLD_PLACED, fresh, by, now), Body.of("reason", reason));
        return fresh;
      }
      return store.standing(recording.tx()).stream()
          .filter(hold -> hold.kind() == kind && hold.subject().equals(subject))
          .findFirst()
          .orElse(fresh);
    });
  }

  /// Lifts a hold; lifting what is lifted changes nothing and is not recorded again.
  ///
  /// @return the hold as it then is; empty if there is none
  public Optional<LegalHold> lift(LegalHoldId id, String reason, PersonName by, Instant now) {
    return ledger.transact(recording -> {
      if (store.lift(recording.tx(), id, by, now)) {
        var lifted = store.find(recording.tx(), id).orElseThrow();
        recording.append(
            entry(EntryType.LEGALHOLD_LIFTED, lifted, by, now), Body.of("reason", reason));
      }
      return store.find(recording.tx(), id);
    });
  }

  /// Returns those that stand, then the newest of those that were lifted; at most 500.
  public List<LegalHold> list() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  /// Returns the holds that stand, and lets nobody place one until the transaction ends.
  List<LegalHold> kept(Tx tx) {
    store.alone(tx);
    return store.standing(tx);
  }

  /// Returns the first of `holds` under which content about `about` is.
  static Optional<LegalHold> over(Subject about, List<LegalHold> holds) {
    return holds.stream().filter(hold -> hold.covers(about)).findFirst();
  }

  private static Entry entry(EntryType type, LegalHold hold, PersonName by, Instant now) {
    return Entry.of(type, now)
        .with("hold", hold.id().value())
        .with(hold.kind().word(), hold.subject())
        .with("by", by.value());
  }
}
