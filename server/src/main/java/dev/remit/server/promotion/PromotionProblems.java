package dev.remit.server.promotion;

import dev.remit.kernel.identity.PromotionId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.promotion.GateItem;
import dev.remit.server.http.Problem;
import dev.remit.server.promotion.Promotion.Settlement;
import dev.remit.server.registry.Applied;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Says in HTTP why a step on the way into production or back was not made; empty where it was. One
/// text for the API and for pages.
public final class PromotionProblems {
  private PromotionProblems() {}

  public static Optional<Problem> of(WorkflowName workflow, Promotions.Requested requested) {
    return switch (requested) {
      case Promotions.Requested.Open _ -> Optional.empty();
      case Promotions.Requested.Another(var other) ->
          problem(
              409,
              "already-asked",
              other.id() + " by `" + other.requestedBy() + "` waits for an answer",
              "let somebody else answer it: remit promote approve " + other.id());
      case Promotions.Requested.Shut(var result) ->
          Optional.of(
              new Problem(
                  409,
                  "gate-shut",
                  shut(result.unmet()),
                  result.unmet().getFirst().next(),
                  result.toJson()));
      case Promotions.Requested.NoPilot(var stage) ->
          problem(
              409,
              "no-pilot",
              "workflow `" + workflow + "` is " + stage.word() + ", and only a pilot is promoted",
              "`remit promote gate " + workflow + "` says how it stands");
      case Promotions.Requested.Unknown() -> unknown(workflow);
    };
  }

  private static String shut(List<GateItem> unmet) {
    var first = unmet.getFirst();
    return "%d of the gate's items %s not met; %s: %s"
        .formatted(unmet.size(), unmet.size() == 1 ? "is" : "are", first.item(), first.says());
  }

  public static Optional<Problem> of(PromotionId id, Settlement settlement) {
    return switch (settlement) {
      case Settlement.Agreed _, Settlement.Declined _ -> Optional.empty();
      case Settlement.Lapsed(var at) ->
          problem(409, "wish-lapsed", id + " lapsed at " + at, "ask again");
      case Settlement.Settled(var state) ->
          problem(
              409,
              "wish-settled",
              id + " is " + state.name().toLowerCase(Locale.ROOT),
              "nothing is left to answer");
      case Settlement.OwnRequest(var person) ->
          problem(
              403,
              "own-request",
              "`" + person + "` asked for it or owns the workflow; nobody approves their own",
              "let another person with the role approver or security answer");
      case Settlement.Voided(var why) ->
          problem(
              409,
              "promotion-void",
              id + " is void: " + why,
              "look at the gate again (`remit promote gate`), then ask anew");
    };
  }

  public static Optional<Problem> of(WorkflowName workflow, Exercise.Done done) {
    return switch (done) {
      case Exercise.Done.Finished _ -> Optional.empty();
      case Exercise.Done.NothingGranted() ->
          problem(
              409,
              "nothing-granted",
              "no identity of workflow `" + workflow + "` has a grant that could grow",
              "apply one first");
      case Exercise.Done.Refused(var why) ->
          problem(403, "exercise-refused", why, "let a person with both roles run the exercise");
    };
  }

  /// Returns what is told where nothing was demoted.
  ///
  /// @param applied what became of it; empty if the workflow is not in production
  public static Optional<Problem> ofDemotion(WorkflowName workflow, Optional<Applied> applied) {
    return switch (applied.orElse(null)) {
      case null ->
          problem(
              409,
              "not-in-production",
              "workflow `" + workflow + "` is not in production",
              "nothing is left to be done");
      case Applied.Done _ -> Optional.empty();
      case Applied.Refused(var planned) ->
          problem(
              409,
              "manifests-refused",
              planned.flaws().getFirst().message(),
              planned.flaws().getFirst().remedy());
      case Applied.Stale _ ->
          problem(409, "plan-stale", "the registry moved meanwhile", "try again");
      case Applied.Unknown _ -> unknown(workflow);
      case Applied.Waiting(_, var request) ->
          throw new IllegalStateException("a change of stage asks nobody: " + request);
    };
  }

  private static Optional<Problem> unknown(WorkflowName workflow) {
    return Optional.of(Problem.notFound("workflow `" + workflow + "`"));
  }

  private static Optional<Problem> problem(int status, String slug, String detail, String remedy) {
    return Optional.of(new Problem(status, slug, detail, remedy));
  }
}
