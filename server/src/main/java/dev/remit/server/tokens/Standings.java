package dev.remit.server.tokens;

import dev.remit.kernel.identity.DrillId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Suspensions;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The kill switch: which [parties][Party] are stopped, known in memory at every node.
///
/// A suspension is a durable row, its ledger entry and its announcement in one transaction. It
/// raises the party's epoch by one; every token carries the epochs that it was minted under, so one
/// step ends all tokens beneath, however many there are. A resumed party starts with new tokens.
/// One person stops; it takes two to resume.
public final class Standings implements AutoCloseable {
  /// Who suspends canaries: nobody.
  private static final PersonName DRILLER = new PersonName("remit");

  private static final String DRILL = "drill ";

  private final Ledger ledger;
  private final Controls controls;
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
      Controls controls,
      TokenConfig config,
      InstantSource clock,
      LongSupplier nanos) {
    this.ledger = ledger;
    this.controls = controls;
    this.losses = new Losses(config.lifetimes().tokenMax().plus(config.skew().multipliedBy(2)));
    this.feed = new StandingFeed(database, losses, controls, clock, nanos, config.pollEvery());
    this.staleAfter = config.staleAfter();
  }

  /// Stops `party` everywhere: every token beneath it, also cached ones, is refused from now on.
  /// Stopping what is stopped changes nothing and is not recorded again. [Resumptions] is the way
  /// back.
  ///
  /// @return the standing that holds now
  public PartyStanding suspend(Party party, PersonName by, String reason, Instant now) {
    return suspend(party, by.value(), reason, now);
  }

  /// The same where no person says so.
  ///
  /// @param by what does, such as `transmitter idp`
  public PartyStanding suspend(Party party, String by, String reason, Instant now) {
    long began = System.nanoTime();
    var suspended = ledger.transact(recording -> suspend(recording, party, by, reason, now));
    apply(suspended.loss());
    suspended.due().ifPresent(due -> controls.begin(due, began));
    return suspended.loss().standing();
  }

  /// Suspends a canary for a drill; false if it is suspended already.
  public boolean drill(Party canary, DrillId drill, Instant now) {
    return suspend(canary, DRILLER.value(), DRILL + drill, now).reason().equals(DRILL + drill);
  }

  /// Ends the suspension that a drill has made, and no other: what a person has suspended takes two
  /// to resume. Does nothing where there is none.
  public void endDrill(Party canary, Instant now) {
    ledger
        .transact(recording -> {
          long seq = begin(recording);
          return locked(recording, canary)
              .filter(one -> one.suspended() && isOfDrill(one))
              .map(one -> resumed(recording, one, seq, now));
        })
        .ifPresent(this::apply);
  }

  private static boolean isOfDrill(PartyStanding standing) {
    return standing.by().equals(DRILLER.value()) && standing.reason().startsWith(DRILL);
  }

  private Loss.Standing resumed(
      Recording recording, PartyStanding suspended, long seq, Instant now) {
    var next =
        new PartyStanding(
            suspended.party(), false, suspended.epoch(), suspended.reason(), DRILLER.value(), now);
    store.put(recording.tx(), next, seq);
    recording.append(entry(next, seq));
    return new Loss.Standing(seq, next);
  }

  /// @param due what is to be measured of it, if it is new
  private record Suspended(Loss.Standing loss, Optional<ControlStore.Due> due) {}

  /// Who measures what comes of a suspension.
  public Controls controls() {
    return controls;
  }

  public boolean isSuspended(Party party) {
    return losses.isSuspended(party);
  }

  /// Returns the last change, if the party was ever suspended.
  public Optional<PartyStanding> of(Party party) {
    return losses.standing(party);
  }

  /// Returns what is suspended now, as far as this node knows, the latest first.
  public List<PartyStanding> suspended() {
    return losses.suspended();
  }

  /// Returns the suspension of something declared, if it is suspended.
  public Optional<Suspensions.Suspension> suspension(Ref ref) {
    return Arrays.stream(Party.Kind.values())
        .filter(kind -> kind.word().equals(ref.kind().noun()))
        .findFirst()
        .flatMap(kind -> of(new Party(kind, ref.name())))
        .filter(PartyStanding::suspended)
        .map(one -> new Suspensions.Suspension(one.reason(), one.by(), one.since()));
  }

  /// Calls `listener` for each suspension, said at any node, so that open calls are cut. It must
  /// not block.
  public void onSuspended(Consumer<Party> listener) {
    losses.onSuspended(listener);
  }

  /// Calls `listener` with the id of each single token that is withdrawn, at any node. It must not
  /// block.
  public void onWithdrawn(Consumer<String> listener) {
    losses.onWithdrawn(listener);
  }

  /// Calls `listener` with the id of each key of task tokens that is revoked, at any node. It must
  /// not block.
  public void onKeyRevoked(Consumer<String> listener) {
    losses.onKeyRevoked(listener);
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

  /// This node need not wait for its own announcement. The feed still reads it back in its turn.
  void apply(Loss.Standing loss) {
    losses.add(loss);
  }

  /// Begins a change of standing and returns its number. The head first: it is what every change
  /// waits for, so two changes at once cannot deadlock.
  long begin(Recording recording) {
    return store.next(recording.tx());
  }

  /// Returns the standing, which nobody else changes until the transaction ends.
  Optional<PartyStanding> locked(Recording recording, Party party) {
    return store.find(recording.tx(), party);
  }

  private Suspended suspend(
      Recording recording, Party party, String by, String reason, Instant now) {
    long seq = begin(recording);
    var before = locked(recording, party);
    // What a person says holds beyond the drill that it falls into.
    boolean takesOver =
        !by.equals(DRILLER.value()) && before.filter(Standings::isOfDrill).isPresent();
    if (before.filter(PartyStanding::suspended).isPresent() && !takesOver) {
      return new Suspended(new Loss.Standing(seq, before.get()), Optional.empty());
    }
    long epoch = before.map(PartyStanding::epoch).orElse(0L) + 1;
    var next = new PartyStanding(party, true, epoch, reason, by, now);
    store.put(recording.tx(), next, seq);
    recording.append(entry(next, seq));
    return new Suspended(
        new Loss.Standing(seq, next), Optional.of(controls.intend(recording, next, seq, now)));
  }

  /// Whether the suspension that somebody asked to end still holds.
  boolean isAsAsked(Recording recording, Resumption asked) {
    return locked(recording, asked.party())
        .filter(one -> one.suspended() && one.epoch() == asked.epoch())
        .isPresent();
  }

  /// Ends the suspension that somebody asked to end and `agreed` agreed to. Tokens from before it
  /// stay dead: the epoch is not lowered.
  Loss.Standing resume(
      Recording recording, long seq, Resumption asked, PersonName agreed, Instant now) {
    var by = asked.requestedBy().value();
    var next = new PartyStanding(asked.party(), false, asked.epoch(), asked.reason(), by, now);
    store.put(recording.tx(), next, seq);
    recording.append(entry(next, seq).with("agreedBy", agreed.value()));
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
