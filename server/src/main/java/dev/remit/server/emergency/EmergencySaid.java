package dev.remit.server.emergency;

import dev.remit.kernel.identity.EmergencyId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.emergency.Emergency.Reviewed;
import dev.remit.server.emergency.Emergency.Settlement;
import dev.remit.server.http.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says in HTTP what became of an answer or a review, for the API and for pages.
public final class EmergencySaid {
  private EmergencySaid() {}

  /// The workflow has one already.
  public static Problem another(Emergency other) {
    return new Problem(
        409,
        "already-asked",
        other.id() + " by `" + other.requestedBy() + "` is " + word(other.state()),
        "answer it, or end it (`remit break-glass end " + other.id() + "`) first");
  }

  /// Empty where it was done as meant.
  public static Optional<Problem> problem(
      EmergencyId id, Settlement settlement, EmergencyConfig config) {
    return switch (settlement) {
      case Settlement.Agreed _, Settlement.Declined _ -> Optional.empty();
      case Settlement.Lapsed(var at) ->
          Optional.of(new Problem(409, "wish-lapsed", id + " lapsed at " + at, "ask again"));
      case Settlement.Settled(var state) ->
          Optional.of(
              new Problem(
                  409, "wish-settled", id + " is " + word(state), "nothing is left to answer"));
      case Settlement.OwnRequest(var person) ->
          Optional.of(
              new Problem(
                  403,
                  "own-request",
                  "`" + person + "` asked for it; nobody approves their own request",
                  "let another person answer who holds one of: "
                      + config.roles().stream()
                          .map(Role::word)
                          .sorted()
                          .collect(Collectors.joining(", "))));
    };
  }

  /// Empty where it was done as meant.
  public static Optional<Problem> problem(EmergencyId id, Reviewed reviewed) {
    return switch (reviewed) {
      case Reviewed.Done() -> Optional.empty();
      case Reviewed.TookPart(var person) ->
          Optional.of(
              new Problem(
                  403,
                  "took-part",
                  "`" + person + "` asked for " + id + " or agreed to it",
                  "let somebody review it who had no part in it"));
      case Reviewed.NothingToReview(var state) ->
          Optional.of(
              new Problem(
                  409,
                  "never-open",
                  id + " is " + word(state) + " and was never open",
                  "nothing is left to be reviewed"));
      case Reviewed.StillOpen(var until) ->
          Optional.of(
              new Problem(
                  409,
                  "still-open",
                  id + " is open until " + until,
                  "end it first (`remit break-glass end " + id + "`), or wait"));
      case Reviewed.Already(var review) ->
          Optional.of(
              new Problem(
                  409,
                  "reviewed-already",
                  "`" + review.by() + "` reviewed it at " + review.at(),
                  "nothing is left to be done"));
    };
  }

  public static String word(Emergency.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
