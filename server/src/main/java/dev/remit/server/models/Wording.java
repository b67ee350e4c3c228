package dev.remit.server.models;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.tokens.TokenCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says every [Refusal] once: with which HTTP status, in a stable word, in a sentence, and what to
/// do about it.
///
/// The official clients try 408, 409, 429 and 5xx again by themselves. So what time alone mends has
/// such a status, and what it does not has 400, 401, 403 or 404.
final class Wording {
  private Wording() {}

  /// A refusal in words.
  ///
  /// @param retryAfter after which it may be tried again; empty where time alone mends nothing
  record Said(int status, String reason, String text, String next, Optional<Duration> retryAfter) {}

  static Said of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.BadToken(var found) -> token(found);
      case Refusal.UnknownResource(var name) ->
          said(
              404,
              "unknown-resource",
              "there is no resource `" + shortened(name) + "`",
              "use an"
                  + " address of the form …/llm/RESOURCE/v1/… with a resource that is declared");
      case Refusal.NoModels(var name) ->
          said(
              404,
              "no-models",
              "no models answer at resource `" + name + "`",
              "declare its upstream as `models`, or ask a resource where they do");
      case Refusal.OtherDialect(var name, var endpoint) ->
          said(
              404,
              "other-dialect",
              "resource `" + name + "` does not declare the dialect of /v1/" + endpoint.path(),
              "add it to the resource's `dialects` if its provider offers it");
      case Refusal.UnknownPath(var path) ->
          said(
              404,
              "unknown-path",
              "`" + shortened(path) + "` is not passed on: only what can be governed is",
              "use /v1/chat/completions, /v1/responses, /v1/embeddings, /v1/messages,"
                  + " /v1/messages/count_tokens or /v1/models");
      case Refusal.TooLarge(var max) ->
          said(
              413,
              "too-large",
              "the request is longer than " + max + " bytes",
              "send less, or have `models.requestMax` raised");
      case Refusal.NotAQuestion(var why) ->
          said(400, "not-a-question", why, "correct the request; nothing was sent");
      case Refusal.TooManyTools(var max) ->
          said(
              400,
              "too-many-tools",
              "the request offers more than " + max + " tools",
              "offer fewer, or have `models.toolsMax` raised");
      case Refusal.UnknownModel(var resource, var wire) ->
          said(
              404,
              "unknown-model",
              "no model that answers at `" + resource + "` is called `" + shortened(wire) + "`",
              "declare a Model with `model: "
                  + shortened(wire)
                  + "` and `resource: "
                  + resource
                  + "`, or use one that GET /v1/models lists");
      case Refusal.WorkflowStopped(var workflow) ->
          said(
              403,
              "workflow-stopped",
              "workflow `" + workflow + "` is retired or its pilot is over",
              "ask its owner");
      case Refusal.Withdrawn(var model, var fallback) ->
          said(
              404,
              "model-withdrawn",
              "model `" + model + "` is declared as withdrawn by its provider",
              fallback
                  .map(name ->
                      "have its fallback `"
                          + name
                          + "` declared as the identity's model, then ask it")
                  .orElse("have another model declared, and a `fallback` for the next time"));
      case Refusal.OutsideTask(var model) ->
          said(
              403,
              "outside-task",
              "the task's scope does not cover model `" + model + "`",
              "start a task whose scope does");
      case Refusal.NotGranted(var model) ->
          said(
              403,
              "not-granted",
              "no grant lets this identity ask model `" + model + "`",
              "have a grant on its resource name it under `models`");
      case Refusal.NotTheDelegators(var delegator, var model) ->
          said(
              403,
              "not-the-delegators",
              "`" + delegator + "`, for whom this is done, may not ask model `" + model + "`",
              "have a grant of `" + delegator + "` name it under `models`");
      case Refusal.GrantExpired(var grant, var at) ->
          said(
              403,
              "grant-expired",
              "grant `" + grant + "` ended at " + at,
              "have it approved anew with a later end");
      case Refusal.NotApproved(var why) -> said(403, why.reason(), why.text(), why.next());
      case Refusal.RateSpent(var max) ->
          new Said(
              429,
              "rate-spent",
              "the identity may ask " + max + " times in a minute",
              "wait and ask again",
              Optional.of(Duration.ofSeconds(10)));
      case Refusal.TokensSpent(var max, var spent, var most) ->
          said(
              403,
              "tokens-spent",
              "the task may use "
                  + max
                  + " tokens, has used "
                  + spent
                  + ", and this could take "
                  + most,
              "ask for less, start another task, or have the grant's `tokensPerTask` raised");
      case Refusal.CostSpent(var max, var spent, var most) ->
          said(
              403,
              "cost-spent",
              "the task may cost "
                  + money(max)
                  + ", has cost "
                  + money(spent)
                  + ", and this could cost "
                  + money(most),
              "ask for less, start another task, or have the grant's `costPerTask` raised");
      case Refusal.NotByProvider(var what, var item, _) ->
          said(
              403,
              what.equals("host") ? "hosted-tool" : "retained-by-provider",
              what.equals("host")
                  ? "the provider would act by itself with `" + item + "`, past every check here"
                  : "the provider would keep or use what it has kept, by `" + item + "`",
              "leave it out, or have a policy permit action `" + what + "` on this model");
      case Refusal.DeniedByPolicy(var deny) ->
          said(
              403,
              "denied-by-policy",
              "policy denies this question" + because(deny.because()),
              "see the decision with `remit explain`");
      case Refusal.Deferred(var defer) ->
          new Said(
              429,
              "deferred",
              "policy cannot decide this yet" + because(defer.because()),
              "ask again later",
              Optional.of(defer.retryAfter()));
      case Refusal.AwaitingApproval(var approval) ->
          new Said(
              409,
              "awaiting-approval",
              "not asked yet: it waits for approval " + approval.id() + " by a person",
              "send the identical request again; it goes on once somebody has agreed",
              Optional.of(Duration.ofSeconds(5)));
      case Refusal.TooManyHeld(var crowd) ->
          new Said(
              429,
              "too-many-held",
              crowd.what() + " `" + crowd.name() + "` waits for too many approvals already",
              "have some answered first",
              Optional.of(Duration.ofSeconds(60)));
      case Refusal.NoApproval(var approval, var why) ->
          said(
              403,
              "not-approved",
              "approval " + approval.id() + " does not let it pass: " + why,
              "change the request, or ask whoever answered");
      case Refusal.Unreachable(var why) ->
          new Said(
              502,
              "provider-unreachable",
              "nothing was sent: " + why,
              "try again later",
              Optional.of(Duration.ofSeconds(5)));
      case Refusal.TimedOut(var after) ->
          said(
              504,
              "provider-silent",
              "the provider was silent for " + after.toSeconds() + " s",
              "try again; it may have counted the question");
      case Refusal.BrokenAnswer(var why) ->
          said(
              502,
              "broken-answer",
              "the provider's answer cannot be passed on: " + why,
              "try again; if it lasts, look at the provider");
      case Refusal.ProviderFailed(var status) ->
          said(
              status,
              "provider-failed",
              "the provider, or what stands before it, answered with status " + status,
              "try again as it says; if it lasts, look at the provider");
      case Refusal.Cut(var why) -> said(403, "stopped", why, "ask the workflow's owner");
      case Refusal.Stopping() ->
          new Said(
              503,
              "stopping",
              "the server is stopping",
              "try again",
              Optional.of(Duration.ofSeconds(5)));
      case Refusal.NotRecorded() ->
          new Said(
              503,
              "not-recorded",
              "the decision could not be recorded, so nothing was sent",
              "try again later",
              Optional.of(Duration.ofSeconds(5)));
      case Refusal.Bug() ->
          said(
              500,
              "internal",
              "the server failed in a way it does not expect",
              "report it with the time and the decision");
    };
  }

  static List<String> policies(Refusal refusal) {
    var because =
        switch (refusal) {
          case Refusal.DeniedByPolicy(var deny) -> deny.because();
          case Refusal.Deferred(var defer) -> defer.because();
          case Refusal.NotByProvider(_, _, Decision decision) -> decision.because();
          case Refusal _ -> List.<PolicyId>of();
        };
    return because.stream().map(PolicyId::value).toList();
  }

  private static Said token(TokenCheck found) {
    var next = "obtain a task token for this resource at /oauth2/token and send it as the API key";
    return switch (found) {
      case TokenCheck.Missing() ->
          said(401, "token-missing", "the request has no task token", next);
      case TokenCheck.Invalid(var code) ->
          said(401, "token-invalid", "the task token does not hold: " + code, next);
      case TokenCheck.Expired(var at) ->
          said(401, "token-expired", "the task token expired at " + at, next);
      case TokenCheck.WrongAudience(var expected) ->
          said(401, "token-audience", "the task token is not for " + expected, next);
      case TokenCheck.TaskEnded(var task) ->
          said(401, "task-ended", "task " + task + " has ended", "start another one");
      case TokenCheck.Suspended(var kind, var name) ->
          said(403, "suspended", kind + " `" + name + "` is suspended", "ask the workflow's owner");
      case TokenCheck.NotHeld held -> said(401, held.reasonCode(), held.detail(), next);
      case TokenCheck.FeedStale(var age) ->
          new Said(
              503,
              "feed-stale",
              "this node has not heard of suspensions for " + age.toSeconds() + " s",
              "try again",
              Optional.of(Duration.ofSeconds(2)));
      case TokenCheck.Good _ -> throw new IllegalArgumentException("a good token is no refusal");
    };
  }

  private static String because(List<PolicyId> policies) {
    return policies.isEmpty()
        ? ": none permits it"
        : policies.stream()
            .map(id -> "`" + id.value() + "`")
            .collect(Collectors.joining(", ", ": ", ""));
  }

  private static String money(long micros) {
    return java.math.BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
  }

  private static Said said(int status, String reason, String text, String next) {
    return new Said(status, reason, text, next, Optional.empty());
  }

  static String shortened(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120) + "…";
  }
}
