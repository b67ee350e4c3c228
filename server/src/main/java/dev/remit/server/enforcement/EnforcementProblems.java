package dev.remit.server.enforcement;

import dev.remit.kernel.identity.EnforcementId;
import dev.remit.server.enforcement.Observation.Settlement;
import dev.remit.server.enforcement.Observation.State;
import dev.remit.server.http.Problem;
import java.util.Locale;
import java.util.Optional;

/// Says in HTTP why enforcement was not asked for or answered; empty where it was. One text for the
/// API and for pages.
public final class EnforcementProblems {
  private EnforcementProblems() {}

  public static Optional<Problem> of(Enforcement.Requested requested) {
    return switch (requested) {
      case Enforcement.Requested.Open _ -> Optional.empty();
      case Enforcement.Requested.Another(var other) ->
          problem(
              409,
              "already-asked",
              other.id() + " by `" + other.requestedBy() + "` is " + word(other.state()),
              "answer it, or end it (`remit enforcement enforce`) first");
    };
  }

  /// Returns what is told where an answer has settled nothing.
  ///
  /// @param settlement empty if there is no such wish
  public static Optional<Problem> of(EnforcementId id, Optional<Settlement> settlement) {
    return switch (settlement.orElse(null)) {
      case null -> Optional.of(Problem.notFound("wish `" + id + "`"));
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
              "let another person with the role break-glass answer");
    };
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Problem> problem(int status, String slug, String detail, String remedy) {
    return Optional.of(new Problem(status, slug, detail, remedy));
  }
}
