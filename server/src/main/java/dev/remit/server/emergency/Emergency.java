package dev.remit.server.emergency;

import dev.remit.kernel.identity.EmergencyId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One breaking of glass, from the wish to its review.
///
/// @param calls how many calls may go on, 1 or more
/// @param used how many have
/// @param reason what the emergency is; 1 to 2,000 characters
/// @param lasts how long it is to be open, counted from the answer
/// @param lapsesAt first instant at which nobody may agree any more
/// @param answeredBy who agreed or declined; never who asked, and nobody where one person was
///   enough
/// @param expiresAt first instant at which policy is enforced again; empty until it is opened
/// @param reviewBy by when somebody else must have reviewed it; empty until it is opened
public record Emergency(
    EmergencyId id,
    State state,
    Lifted lifted,
    long calls,
    long used,
    Duration lasts,
    String reason,
    PersonName requestedBy,
    Instant requestedAt,
    Instant lapsesAt,
    Optional<PersonName> answeredBy,
    Optional<Instant> expiresAt,
    Optional<Instant> reviewBy,
    Optional<Review> review) {

  /// What somebody who had no part in it says afterwards.
  public record Review(PersonName by, Instant at, boolean justified) {}

  /// How far it has come.
  public enum State {
    /// Nobody else has agreed yet; policy is enforced.
    REQUESTED,

    /// What it lifts goes on, while its time and its calls last.
    OPEN,

    /// Somebody else said no.
    DECLINED,

    /// Nobody answered in time.
    LAPSED,

    /// Its time was up.
    EXPIRED,

    /// Its last call was made.
    SPENT,

    /// Somebody ended it, or took it back, before that.
    ENDED
  }

  /// Whether it lifts anything at `now`. What is stored may be behind; the clock is not.
  public boolean holds(Instant now) {
    return state == State.OPEN && used < calls && expiresAt.filter(now::isBefore).isPresent();
  }

  /// Whether it was opened at all, so that a review is due.
  public boolean wasOpened() {
    return reviewBy.isPresent();
  }

  /// Whether its review is due and has not come at `now`.
  public boolean isOverdue(Instant now) {
    return review.isEmpty() && reviewBy.filter(at -> !now.isBefore(at)).isPresent();
  }

  /// Returns what `person` answering `agrees` at `now` means. Pure: storing it is the caller's job.
  public Settlement settle(PersonName person, boolean agrees, Registered registered, Instant now) {
    if (state != State.REQUESTED) {
      return new Settlement.Settled(state);
    }
    if (!now.isBefore(lapsesAt)) {
      return new Settlement.Lapsed(lapsesAt);
    }
    if (!TwoPeople.are(person, requestedBy, registered)) {
      return new Settlement.OwnRequest(person);
    }
    return agrees ? new Settlement.Agreed(now.plus(lasts)) : new Settlement.Declined();
  }

  /// What answering comes to.
  public sealed interface Settlement {
    /// It is open until `until`.
    record Agreed(Instant until) implements Settlement {}

    record Declined() implements Settlement {}

    /// Too late.
    record Lapsed(Instant at) implements Settlement {}

    /// Already answered, or over.
    record Settled(State state) implements Settlement {}

    /// The person would agree to their own request.
    record OwnRequest(PersonName person) implements Settlement {}
  }

  /// Returns what `person` reviewing it at `now` means.
  public Reviewed reviewed(PersonName person, Registered registered, Instant now) {
    if (!wasOpened()) {
      return new Reviewed.NothingToReview(state);
    }
    if (holds(now)) {
      return new Reviewed.StillOpen(expiresAt.orElseThrow());
    }
    if (review.isPresent()) {
      return new Reviewed.Already(review.get());
    }
    boolean tookPart =
        !TwoPeople.are(person, requestedBy, registered)
            || answeredBy.filter(by -> !TwoPeople.are(person, by, registered)).isPresent();
    return tookPart ? new Reviewed.TookPart(person) : new Reviewed.Done();
  }

  /// What a review comes to.
  public sealed interface Reviewed {
    record Done() implements Reviewed {}

    /// The person asked for it or agreed to it, by whichever account.
    record TookPart(PersonName person) implements Reviewed {}

    /// It was never opened.
    record NothingToReview(State state) implements Reviewed {}

    record StillOpen(Instant until) implements Reviewed {}

    record Already(Review review) implements Reviewed {}
  }
}
