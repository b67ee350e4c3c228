package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The kill switch: which identities, workflows and people are stopped, known in memory at every
/// node.
///
/// A suspension is a durable row, its ledger entry and its announcement in one transaction. It
/// raises the party's epoch by one; every token carries the epochs that it was minted under, so one
/// step ends all tokens beneath, however many there are. A resumed party starts with new tokens.
public final class Standings implements AutoCloseable {
  private final Ledger ledger;
  private final StandingStore store = new StandingStore();
  private final Losses losses;
  private final StandingFeed feed;
  private final Duration staleAfter;

  /// Reads every standing and follows them from here on.
  ///
  /// @param nanos time that never jumps, see [System#nanoTime]
  public Standings(
      Database database,
      Ledger ledger,
      TokenConfig config,
      InstantSource clock,
      LongSupplier nanos) {
    this.ledger = ledger;
    this.losses = new Losses(config.lifetimes().tokenMax().plus(config.skew().multipliedBy(2)));
    this.feed = new StandingFeed(database, losses, clock, nanos, config.pollEvery());
    this.staleAfter = config.staleAfter();
  }

  /// Stops `party` everywhere: every token beneath it, also cached ones, is refused from now on.
  /// Stopping what is stopped changes nothing and is not recorded again.
  ///
  /// @return the standing that holds now
  public PartyStanding suspend(Party party, PersonName by, String reason, Instant now) {
    return change(party, true, by.value(), reason, now);
  }

  /// The same where no person says so.
  ///
  /// @param by what does, such as `transmitter idp`
  public PartyStanding suspend(Party party, String by, String reason, Instant now) {
    return change(party, true, by, reason, now);
  }

  /// Lets `party` act again. Tokens from before the suspension stay dead.
  ///
  /// @return the standing that holds now
  public PartyStanding resume(Party party, PersonName by, String reason, Instant now) {
    return change(party, false, by.value(), reason, now);
  }

  public boolean isSuspended(Party party) {
    return losses.isSuspended(party);
  }

  /// Returns the last change, if the party was ever suspended.
  public Optional<PartyStanding> of(Party party) {
    return losses.standing(party);
  }

  /// Calls `listener` for each suspension, said at any node, so that open calls are cut. It must
  /// not block.
  public void onSuspended(Consumer<Party> listener) {
    losses.onSuspended(listener);
  }

  @Override
  public void close() {
    feed.close();
  }

  /// Returns how long ago this node last knew everything, if that is too long to trust it.
  Optional<Duration> stale() {
    return Optional.of(feed.age()).filter(age -> age.compareTo(staleAfter) > 0);
  }

  Losses losses() {
    return losses;
  }

  private PartyStanding change(
      Party party, boolean suspended, String by, String reason, Instant now) {
    var loss = ledger.transact(recording -> change(recording, party, suspended, by, reason, now));
    // This node need not wait for its own announcement. The feed still reads it back in its turn.
    losses.add(loss);
    return loss.standing();
  }

  private Loss.Standing change(
      Recording recording, Party party, boolean suspended, String by, String reason, Instant now) {
    // The head first: it is what every change waits for, so two changes at once cannot deadlock.
    long seq = store.next(recording.tx());
    var before = store.find(recording.tx(), party);
    if (before.map(PartyStanding::suspended).orElse(false) == suspended) {
      return new Loss.Standing(
          seq,
          before.orElseGet(() -> new PartyStanding(party, false, 0, "never suspended", by, now)));
    }
    long epoch = before.map(PartyStanding::epoch).orElse(0L) + (suspended ? 1 : 0);
    var next = new PartyStanding(party, suspended, epoch, reason, by, now);
    store.put(recording.tx(), next, seq);
    recording.append(entry(next, seq));
    return new Loss.Standing(seq, next);
  }

  private static Entry entry(PartyStanding standing, long seq) {
    return Entry.of(EntryType.STANDING_CHANGED, standing.since())
        .with("kind", standing.party().kind().word())
        .with("name", standing.party().name())
        .with("suspended", standing.suspended())
        .with("standingEpoch", standing.epoch())
        .with("reason", standing.reason())
        .with("by", standing.by())
        .with("seq", seq);
  }
}
