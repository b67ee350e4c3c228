package dev.remit.server.exceptions;

import dev.remit.kernel.identity.ExceptionId;
import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One exception: somebody's wish that a finding be accepted for a while, and what became of it.
/// (Not called `Exception`, which Java is full of.)
///
/// @param reason why it may be accepted, and what bounds the harm; 1 to 2,000 characters
/// @param lasts how long it is to be, counted from the answer
/// @param lapsesAt first instant at which nobody may agree any more
/// @param answeredBy who agreed or declined; never who asked
/// @param expiresAt first instant at which the finding is accepted no longer; empty until somebody
///   agreed
/// @param endedBy who ended it before that
public record Acceptance(
    ExceptionId id,
    FindingId finding,
    State state,
    PersonName requestedBy,
    String reason,
    Duration lasts,
    Instant requestedAt,
    Instant lapsesAt,
    Optional<PersonName> answeredBy,
    Optional<Instant> expiresAt,
    Optional<PersonName> endedBy) {

  /// How far it has come.
  public enum State {
    /// Nobody else has answered yet; nothing is accepted.
    REQUESTED,

    /// Somebody else agreed.
    AGREED,

    /// Somebody else said no.
    DECLINED,

    /// Nobody answered in time.
    LAPSED,

    /// Its time was up.
    EXPIRED,

    /// Somebody ended it, or took it back, before that.
    ENDED
  }

  /// Whether the finding is accepted at `now`. What is stored may be behind; the clock is not.
  public boolean holds(Instant now) {
    return state == State.AGREED && expiresAt.filter(now::isBefore).isPresent();
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
    /// The finding is accepted until `until`.
    record Agreed(Instant until) implements Settlement {}

    record Declined() implements Settlement {}

    /// Too late.
    record Lapsed(Instant at) implements Settlement {}

    /// Already answered, or over.
    record Settled(State state) implements Settlement {}

    /// The person would agree to their own request.
    record OwnRequest(PersonName person) implements Settlement {}
  }
}
