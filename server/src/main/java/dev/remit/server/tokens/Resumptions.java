package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResumptionId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Resumption.Settlement;
import dev.remit.server.tokens.Resumption.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// The one way out of a suspension: somebody asks with a reason, somebody else agrees (ADR 0045).
///
/// Each step is one transaction with its ledger entry, and agreeing changes the standing in the
/// same transaction. One person is enough to stop something, never to let it go on.
public final class Resumptions {
  private static final String NOBODY = "remit";

  private final Database database;
  private final Ledger ledger;
  private final Standings standings;
  private final Supplier<Registered> registered;
  private final Duration answerWithin;
  private final ResumptionStore store = new ResumptionStore();

  /// @param answerWithin how long somebody else has to agree
  Resumptions(
      Database database,
      Ledger ledger,
      Standings standings,
      Supplier<Registered> registered,
      Duration answerWithin) {
    this.database = database;
    this.ledger = ledger;
    this.standings = standings;
    this.registered = registered;
    this.answerWithin = answerWithin;
  }

  /// What became of a wish.
  public sealed interface Asked {

    /// Somebody else may agree now.
    record Open(Resumption resumption) implements Asked {}

    /// It is asked for already.
    record Another(Resumption resumption) implements Asked {}

    /// There is nothing to end.
    record NotSuspended() implements Asked {}
  }

  /// Asks for `party` to act again.
  public Asked ask(Party party, PersonName by, String reason, Instant now) {
    return ledger.transact(recording -> ask(recording, party, by, reason, now));
  }

  private Asked ask(Recording recording, Party party, PersonName by, String reason, Instant now) {
    var standing = standings.locked(recording, party).filter(PartyStanding::suspended);
    if (standing.isEmpty()) {
      return new Asked.NotSuspended();
    }
    var other =
        store
            .open(recording.tx(), party)
            .filter(one ->
                !lapse(recording, one, now)
                    && !outlived(recording, one, standing.get().epoch(), now));
    if (other.isPresent()) {
      return new Asked.Another(other.get());
    }
    var fresh =
        new Resumption(
            ResumptionId.fresh(now),
            party,
            standing.get().epoch(),
            State.REQUESTED,
            by,
            reason,
            now,
            now.plus(answerWithin),
            Optional.empty());
    // INVARIANT: the party's standing is locked, so nobody else adds one meanwhile.
    store.insert(recording.tx(), fresh);
    recording.append(
        about(EntryType.RESUMPTION_REQUESTED, fresh, now)
            .with("id", fresh.id().value())
            .with("standingEpoch", fresh.epoch())
            .with("reason", reason)
            .with("by", by.value())
            .with("lapsesAt", fresh.lapsesAt()));
    return new Asked.Open(fresh);
  }

  /// Settles a wish by another person's answer.
  ///
  /// @return what it comes to
  Settlement answer(Resumption asked, PersonName by, boolean agrees, Instant now) {
    var answered =
        ledger.transact(recording -> {
          // In the order of every change of a standing, so that two at once cannot deadlock.
          var changing = standings.begin(recording);
          var one = store.find(recording.tx(), asked.id()).orElse(asked);
          var meant = one.settle(by, agrees, registered.get(), now);
          return settled(recording, changing, one, meant, by, now);
        });
    answered.loss().ifPresent(standings::apply);
    return answered.meant();
  }

  private record Answered(Settlement meant, Optional<Loss.Standing> loss) {}

  private Answered settled(
      Recording recording, long seq, Resumption one, Settlement meant, PersonName by, Instant now) {
    Optional<Loss.Standing> loss = Optional.empty();
    switch (meant) {
      case Settlement.Agreed() -> {
        if (!standings.isAsAsked(recording, one)) {
          settle(recording, one, State.LAPSED, Optional.empty(), now);
          return new Answered(new Settlement.Settled(State.LAPSED), Optional.empty());
        }
        settle(recording, one, State.AGREED, Optional.of(by), now);
        loss = Optional.of(standings.resume(recording, seq, one, by, now));
      }
      case Settlement.Declined() -> settle(recording, one, State.DECLINED, Optional.of(by), now);
      case Settlement.Lapsed _ -> lapse(recording, one, now);
      case Settlement.Settled _, Settlement.OwnRequest _ -> {}
    }
    return new Answered(meant, loss);
  }

  private void settle(
      Recording recording, Resumption one, State to, Optional<PersonName> by, Instant now) {
    if (store.settle(recording.tx(), one, to, by)) {
      recording.append(
          about(EntryType.RESUMPTION_SETTLED, one, now)
              .with("request", one.id().value())
              .with("outcome", to.name().toLowerCase(Locale.ROOT))
              .with("by", by.map(PersonName::value).orElse(NOBODY)));
    }
  }

  /// Ends a wish about a suspension that is over already; another one holds now.
  private boolean outlived(Recording recording, Resumption one, long epoch, Instant now) {
    boolean outlived = one.epoch() != epoch;
    if (outlived) {
      settle(recording, one, State.LAPSED, Optional.empty(), now);
    }
    return outlived;
  }

  private boolean lapse(Recording recording, Resumption one, Instant now) {
    boolean lapsed = !now.isBefore(one.lapsesAt());
    if (lapsed) {
      settle(recording, one, State.LAPSED, Optional.empty(), now);
    }
    return lapsed;
  }

  /// Records that nobody has answered in time. Agreeing is refused without it.
  void sweep(Instant now) {
    if (open().stream().anyMatch(one -> !now.isBefore(one.lapsesAt()))) {
      ledger.transact(recording ->
          store.open(recording.tx()).stream().filter(one -> lapse(recording, one, now)).count());
    }
  }

  /// Returns what is asked for, oldest first.
  public List<Resumption> open() {
    return database.transact(tx -> store.open(tx));
  }

  Optional<Resumption> find(ResumptionId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// Agrees or declines.
  ///
  /// @return false if there was nothing to settle, or the person asked for it
  public boolean answer(ResumptionId id, PersonName by, boolean agrees, Instant now) {
    return find(id)
        .map(one -> answer(one, by, agrees, now))
        .filter(meant -> meant instanceof Settlement.Agreed || meant instanceof Settlement.Declined)
        .isPresent();
  }

  private static Entry about(EntryType type, Resumption one, Instant now) {
    return Entry.of(type, now)
        .with("kind", one.party().kind().word())
        .with("name", one.party().name());
  }
}
