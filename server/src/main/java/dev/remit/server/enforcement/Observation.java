package dev.remit.server.enforcement;

import dev.remit.kernel.identity.EnforcementId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One wish to observe what policy says without enforcing it, and what became of it.
///
/// @param lasts how long it is to be, counted from the answer
/// @param lapsesAt first instant at which nobody may agree any more
/// @param answeredBy who agreed or declined; never who asked
/// @param expiresAt first instant at which policy is enforced again; empty until somebody agreed
public record Observation(
    EnforcementId id,
    State state,
    PersonName requestedBy,
    String reason,
    Duration lasts,
    Instant requestedAt,
    Instant lapsesAt,
    Optional<PersonName> answeredBy,
    Optional<Instant> expiresAt) {

  /// How far it has come.
  public enum State {
    /// Nobody else has answered yet; policy is enforced.
    REQUESTED,

    /// Policy is observed and not enforced.
    ACTIVE,

    /// Somebody else said no.
    DECLINED,

    /// Nobody answered in time.
    LAPSED,

    /// Its time was up.
    EXPIRED,

    /// Somebody ended it, or took it back, before that.
    ENDED
  }

  /// Whether policy is not enforced at `now`. What is stored may be behind; the clock is not.
  public boolean holds(Instant now) {
    return state == State.ACTIVE && expiresAt.filter(now::isBefore).isPresent();
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
      return new Settlement.OwnRequest(requestedBy);
    }
    return agrees ? new Settlement.Agreed(now.plus(lasts)) : new Settlement.Declined();
  }

  /// What answering comes to.
  public sealed interface Settlement {
    /// Policy is observed only, until `until`.
    record Agreed(Instant until) implements Settlement {}

    record Declined() implements Settlement {}

    /// Too late.
    record Lapsed(Instant at) implements Settlement {}

    /// Already answered.
    record Settled(State state) implements Settlement {}

    /// The person would agree to their own request.
    record OwnRequest(PersonName person) implements Settlement {}
  }
}
