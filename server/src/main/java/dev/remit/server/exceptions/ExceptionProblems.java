package dev.remit.server.exceptions;

import dev.remit.kernel.identity.ExceptionId;
import dev.remit.kernel.identity.FindingId;
import dev.remit.server.exceptions.Acceptance.Settlement;
import dev.remit.server.exceptions.Acceptance.State;
import dev.remit.server.http.Problem;
import java.util.Locale;
import java.util.Optional;

/// Says in HTTP why an exception was not asked for or answered; empty where it was. One text for
/// the API and for pages.
public final class ExceptionProblems {
  private ExceptionProblems() {}

  public static Optional<Problem> of(FindingId finding, Exceptions.Requested requested) {
    return switch (requested) {
      case Exceptions.Requested.Open _ -> Optional.empty();
      case Exceptions.Requested.Another(var other) ->
          problem(
              409,
              "already-asked",
              other.id() + " by `" + other.requestedBy() + "` is " + word(other.state()),
              "answer it, or end it (`remit exception end " + other.id() + "`) first");
      case Exceptions.Requested.NothingToAccept() ->
          problem(
              404,
              "not-found",
              "no finding `" + finding + "` is open",
              "`remit findings` lists those that are");
    };
  }

  public static Optional<Problem> of(ExceptionId id, Settlement settlement) {
    return switch (settlement) {
      case Settlement.Agreed _, Settlement.Declined _ -> Optional.empty();
      case Settlement.Lapsed(var at) ->
          problem(409, "wish-lapsed", id + " lapsed at " + at, "ask again");
      case Settlement.Settled(var state) ->
          problem(409, "wish-settled", id + " is " + word(state), "nothing is left to answer");
      case Settlement.OwnRequest(var person) ->
          problem(
              403,
              "own-request",
              "`" + person + "` asked for it; nobody approves their own request",
              "let another person with the role approver or security answer");
    };
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Problem> problem(int status, String slug, String detail, String remedy) {
    return Optional.of(new Problem(status, slug, detail, remedy));
  }
}
