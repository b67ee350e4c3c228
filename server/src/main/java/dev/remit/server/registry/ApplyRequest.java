package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApplyId;
import dev.remit.kernel.identity.PersonName;
import java.time.Instant;
import java.util.Optional;

/// One apply that waits for a second person, and what became of it.
///
/// @param what the files and how they are meant, or what is to be retired, as JSON
/// @param version of the registry that it was planned on; with another one it is void
/// @param digest over every change that was planned; with another one it is void
/// @param why it takes two people
/// @param changes how many things it changes
/// @param lapsesAt first instant at which nobody may agree any more
/// @param answeredBy who agreed or declined; never who asked
public record ApplyRequest(
    ApplyId id,
    State state,
    PersonName requestedBy,
    String what,
    long version,
    Digest digest,
    String why,
    long changes,
    Instant requestedAt,
    Instant lapsesAt,
    Optional<PersonName> answeredBy) {

  /// How far it has come.
  public enum State {
    /// Nobody else has answered yet; nothing is changed.
    REQUESTED,

    /// Somebody else agreed, and it was done.
    AGREED,

    /// Somebody else said no.
    DECLINED,

    /// Nobody answered in time.
    LAPSED,

    /// What was planned is not what would be done now.
    VOID
  }

  /// What answering comes to, before it is carried out.
  public sealed interface Settlement {

    record Agreed() implements Settlement {}

    record Declined() implements Settlement {}

    /// Too late.
    record Lapsed(Instant at) implements Settlement {}

    /// Already answered, or no longer what was planned.
    record Settled(State state) implements Settlement {}

    /// The registry has moved on, or rules speak against it now.
    record Voided(String why) implements Settlement {}

    /// The person would agree to their own change.
    record OwnRequest(PersonName by) implements Settlement {}

    /// The person could not have made such changes, and does not keep security.
    record NotPermitted() implements Settlement {}
  }

  /// Returns what `person` answering `agrees` at `now` means, as far as people go. Pure.
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
    return agrees ? new Settlement.Agreed() : new Settlement.Declined();
  }
}
