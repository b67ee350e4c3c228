package dev.remit.server.promotion;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.PromotionId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import java.time.Instant;
import java.util.Optional;

/// One wish to bring a pilot into production, and what became of it.
///
/// @param gate digest of the result that it was asked on
/// @param world digest of what was declared around the workflow then; once that is another, the
///   wish is void
/// @param lapsesAt first instant at which nobody may agree any more
/// @param answeredBy who agreed or declined; neither who asked nor who owns the workflow
public record Promotion(
    PromotionId id,
    WorkflowName workflow,
    State state,
    PersonName requestedBy,
    Digest gate,
    Digest world,
    Instant requestedAt,
    Instant lapsesAt,
    Optional<PersonName> answeredBy) {

  /// How far it has come.
  public enum State {
    /// Nobody else has answered yet.
    REQUESTED,

    /// Somebody else agreed, and the gate was open still.
    AGREED,

    DECLINED,

    /// Nobody answered in time.
    LAPSED,

    /// What it rested on had changed, or the gate had shut.
    VOID
  }

  /// Returns what `person` answering `agrees` at `now` means. Pure: storing it is the caller's job.
  ///
  /// @param owner who owns the workflow now
  public Settlement settle(
      PersonName person, PersonName owner, boolean agrees, Registered registered, Instant now) {
    if (state != State.REQUESTED) {
      return new Settlement.Settled(state);
    }
    if (!now.isBefore(lapsesAt)) {
      return new Settlement.Lapsed(lapsesAt);
    }
    if (!TwoPeople.are(person, requestedBy, registered)
        || !TwoPeople.are(person, owner, registered)) {
      return new Settlement.OwnRequest(person);
    }
    return agrees ? new Settlement.Agreed() : new Settlement.Declined();
  }

  /// What answering comes to.
  public sealed interface Settlement {
    record Agreed() implements Settlement {}

    record Declined() implements Settlement {}

    /// Too late.
    record Lapsed(Instant at) implements Settlement {}

    /// Already answered, or over.
    record Settled(State state) implements Settlement {}

    /// The person has asked for it, or owns the workflow.
    record OwnRequest(PersonName person) implements Settlement {}

    /// It rests on something that is no longer so.
    record Voided(String why) implements Settlement {}
  }
}
