package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResumptionId;
import dev.remit.server.http.Caller.PersonCaller;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.tokens.Resumption.Settlement;
import dev.remit.server.tokens.Stoppable.Target;
import java.time.Instant;
import java.util.Locale;

/// What people may do about the standing of a party, however they say it: stop it, ask to let it go
/// on, and agree to somebody else's wish for that.
///
/// Refusals are a [ProblemException] that says who could do it, or what to do instead.
public final class Stopping {
  private static final int REASON_CHARS_MAX = 500;

  private final Standings standings;
  private final Tasks tasks;
  private final Resumptions resumptions;
  private final Stoppable stoppable;

  Stopping(Standings standings, Tasks tasks, Resumptions resumptions, Stoppable stoppable) {
    this.standings = standings;
    this.tasks = tasks;
    this.resumptions = resumptions;
    this.stoppable = stoppable;
  }

  /// Whether the person's word is enough to stop the party, and one of two to let it go on;
  /// nobody's is where there is no such party.
  public boolean may(Party.Kind kind, String name, PersonCaller person) {
    try {
      return target(kind, name).isFor(person.name(), person.roles());
    } catch (ProblemException e) {
      return false;
    }
  }

  /// Stops a party.
  ///
  /// @param reason 1 to 500 characters
  public PartyStanding suspend(
      Party.Kind kind, String name, PersonCaller person, String reason, Instant now) {
    var party = permitted(kind, name, person).party();
    if (party.equals(Party.of(Standing.BUILT_IN))) {
      throw refused(
          409,
          "cannot-suspend-admin",
          "the built-in administrator cannot be suspended: nobody could let them go",
          "withdraw their tokens instead: DELETE /v1/people/admin/tokens");
    }
    var by = person.name();
    var standing = standings.suspend(party, by, reason(reason), now);
    if (party.kind() == Party.Kind.PERSON) {
      // Their tokens are dead already; this cuts what is under way for them, and what was lent.
      tasks.completeFor(new PersonName(party.name()), by.value(), now);
    }
    return standing;
  }

  /// Asks that a party may act again; somebody else has to agree.
  ///
  /// @param reason 1 to 500 characters
  public Resumption ask(
      Party.Kind kind, String name, PersonCaller person, String reason, Instant now) {
    var target = permitted(kind, name, person);
    var by = person.name();
    var why = reason(reason);
    if (!stoppable.hasOther(target, by)) {
      throw refused(
          409,
          "nobody-else",
          "it takes a second person to resume, and nobody but `" + by + "` could agree",
          "declare another person with the role security or admin (`remit apply`), and let them"
              + " ask or agree");
    }
    return switch (resumptions.ask(target.party(), by, why, now)) {
      case Resumptions.Asked.Open(var asked) -> asked;
      case Resumptions.Asked.Another(var other) ->
          throw refused(
              409,
              "already-asked",
              "`" + other.requestedBy() + "` asks for that since " + other.requestedAt(),
              "somebody else agrees (`remit resume KIND NAME --agree`) or declines");
      case Resumptions.Asked.NotSuspended() ->
          throw refused(
              409,
              "not-suspended",
              target.party() + " is not suspended",
              "nothing is left to be done; `remit standing` lists what is");
    };
  }

  /// Agrees to a wish, or declines it.
  ///
  /// @return how the party stands now
  public PartyStanding answer(ResumptionId id, PersonCaller person, boolean agrees, Instant now) {
    var asked = resumptions.find(id).orElseThrow(() -> Stoppable.missing("wish `" + id + "`"));
    var party = asked.party();
    permit(target(party.kind(), party.name()), person);
    return switch (resumptions.answer(asked, person.name(), agrees, now)) {
      case Settlement.Agreed(), Settlement.Declined() -> standings.of(party).orElseThrow();
      case Settlement.Lapsed(var at) ->
          throw refused(409, "wish-lapsed", id + " lapsed at " + at, "ask again");
      case Settlement.Settled(var state) ->
          throw refused(
              409,
              "wish-settled",
              id + " is " + state.name().toLowerCase(Locale.ROOT),
              "nothing is left to answer");
      case Settlement.OwnRequest(var by) ->
          throw refused(
              403,
              "own-request",
              "`" + by + "` asked for it; nobody agrees to their own request",
              "let another person who may suspend " + party + " answer");
    };
  }

  /// Returns a reason that may be recorded.
  ///
  /// @throws ProblemException if it is none
  static String reason(String given) {
    var reason = given.strip();
    if (reason.isEmpty() || reason.length() > REASON_CHARS_MAX) {
      throw new ProblemException(
          Problem.badRequest(
              "a reason of 1 to " + REASON_CHARS_MAX + " characters is needed",
              "send {\"reason\": \"…\"}"));
    }
    return reason;
  }

  static ProblemException forbidden(String what) {
    return refused(
        403,
        "forbidden",
        "only the owner, security or an admin may do this to " + what,
        "ask one of them");
  }

  private Target permitted(Party.Kind kind, String name, PersonCaller person) {
    var target = target(kind, name);
    permit(target, person);
    return target;
  }

  /// A name that nothing can have is a name that nothing has.
  private Target target(Party.Kind kind, String name) {
    try {
      return stoppable.find(kind, name);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.badRequest("the path segment `name` is wrong: " + e.getMessage(), "correct it"));
    }
  }

  private static void permit(Target target, PersonCaller person) {
    if (!target.isFor(person.name(), person.roles())) {
      throw forbidden(target.party().toString());
    }
  }

  private static ProblemException refused(int status, String slug, String detail, String remedy) {
    return new ProblemException(new Problem(status, slug, detail, remedy));
  }
}
