package dev.remit.server.changes;

import dev.remit.kernel.identity.ChangeId;
import dev.remit.server.http.Problem;
import java.util.Optional;
import java.util.stream.Collectors;

/// Why something was not done about a change, in HTTP: the same over the API and from pages.
public final class ChangeProblems {
  private ChangeProblems() {}

  /// Returns why an answer did not count; empty if it did.
  public static Optional<Problem> of(ChangeId id, Changes.Answered answered) {
    return switch (answered) {
      case Changes.Answered.Done _ -> Optional.empty();
      case Changes.Answered.NotYet(var change, var missing) ->
          refused(
              409,
              "change-not-evaluated",
              id
                  + " is "
                  + change.state().word()
                  + (missing.isEmpty()
                      ? ""
                      : ", and has not passed "
                          + missing.stream()
                              .map(Missing::toString)
                              .collect(Collectors.joining(", "))),
              missing.isEmpty()
                  ? "`remit changes show " + id + "` says how far it is"
                  : "`remit changes evaluate " + id + "`, and `remit evaluations run` its plan");
      case Changes.Answered.Altered(var how) ->
          refused(
              409,
              "evaluation-altered",
              how,
              "`remit verify --state` says what else was edited; evaluate it anew");
      case Changes.Answered.OwnChange(var person) ->
          refused(
              403,
              "own-change",
              "`" + person + "` has declared it; nobody approves their own change",
              "let another person with the role approver or security answer");
      case Changes.Answered.Lacking(var what, var next) ->
          refused(409, "change-lacks-terms", what, next);
    };
  }

  /// Returns why a change was not stopped; empty if it is.
  public static Optional<Problem> ofSuspension(Change change) {
    return change.state() == State.SUSPENDED
        ? Optional.empty()
        : refused(
            409,
            "change-not-in-use",
            change.id() + " is " + change.state().word() + " and not in use",
            "`remit changes list` shows what is");
  }

  /// Returns why it was not gone back.
  public static Problem of(Rollback.Done.Refused refused) {
    return new Problem(409, refused.reason(), refused.why(), refused.next());
  }

  private static Optional<Problem> refused(int status, String slug, String detail, String remedy) {
    return Optional.of(new Problem(status, slug, detail, remedy));
  }
}
