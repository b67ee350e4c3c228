package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResumptionId;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.Optional;

/// One wish to let a suspended party act again, and what became of it.
///
/// @param epoch of the suspension that is to end; a later one is not ended by it
/// @param lapsesAt first instant at which nobody may agree any more
/// @param answeredBy who agreed or declined; never who asked
public record Resumption(
    ResumptionId id,
    Party party,
    long epoch,
    State state,
    PersonName requestedBy,
    String reason,
    Instant requestedAt,
    Instant lapsesAt,
    Optional<PersonName> answeredBy) {

  /// How far it has come.
  public enum State {
    /// Nobody else has answered yet; the suspension holds.
    REQUESTED,

    /// Somebody else agreed; the suspension is over.
    AGREED,

    /// Somebody else said no.
    DECLINED,

    /// Nobody answered in time, or the suspension was over before.
    LAPSED
  }

  /// Returns what `person` answering `agrees` at `now` means. Pure: storing it is the caller's job.
  Settlement settle(PersonName person, boolean agrees, Registered registered, Instant now) {
    if (state != State.REQUESTED) {
      return new Settlement.Settled(state);
    }
    if (!now.isBefore(lapsesAt)) {
      return new Settlement.Lapsed(lapsesAt);
    }
    if (isSameHuman(requestedBy, person, registered)) {
      return new Settlement.OwnRequest(requestedBy);
    }
    return agrees ? new Settlement.Agreed() : new Settlement.Declined();
  }

  /// Whether two names are one human's: the same name, e-mail address, or subject at the identity
  /// provider.
  public static boolean isSameHuman(PersonName one, PersonName other, Registered registered) {
    if (one.equals(other)) {
      return true;
    }
    var a = registered.person(one);
    var b = registered.person(other);
    return a.isPresent() && b.isPresent() && isSameHuman(a.get(), b.get());
  }

  private static boolean isSameHuman(Person one, Person other) {
    return one.email()
            .filter(mail -> other.email().filter(mail::equalsIgnoreCase).isPresent())
            .isPresent()
        || one.subject().filter(id -> other.subject().filter(id::equals).isPresent()).isPresent();
  }

  /// What answering comes to.
  sealed interface Settlement {
    record Agreed() implements Settlement {}

    record Declined() implements Settlement {}

    /// Too late.
    record Lapsed(Instant at) implements Settlement {}

    /// Already answered.
    record Settled(State state) implements Settlement {}

    /// The person would agree to their own request.
    record OwnRequest(PersonName by) implements Settlement {}
  }
}
