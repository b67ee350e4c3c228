package dev.remit.server.gateway;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.gateway.Said.Form.Challenge;
import dev.remit.server.gateway.Said.Form.RpcError;
import dev.remit.server.gateway.Said.Form.ToolResult;
import dev.remit.server.tokens.TokenCheck;
import java.util.List;
import java.util.stream.Collectors;

/// Says every [Refusal] once, in words and in the protocol's own form.
///
/// What is wrong with the message is a JSON-RPC error. What is wrong with the token is HTTP 401, so
/// that clients fetch a new one. What was understood and not permitted is, for a tool call, a
/// result with `isError`, because clients show that to the model and the person, and hide protocol
/// errors.
///
/// The numbers below 0 are the protocol's. Our own are outside the range that JSON-RPC reserves, as
/// the protocol asks, and read like the HTTP status they resemble.
final class Wording {
  private static final long PARSE_ERROR = -32700;
  private static final long INVALID_REQUEST = -32600;
  private static final long METHOD_NOT_FOUND = -32601;
  private static final long INVALID_PARAMS = -32602;
  private static final long INTERNAL_ERROR = -32603;
  private static final long HEADER_MISMATCH = -32020;
  private static final long UNSUPPORTED_VERSION = -32022;

  private static final long DENIED = 40300;
  private static final long HELD = 40301;
  private static final long DEFERRED = 40302;
  private static final long OUTCOME_UNKNOWN = 40900;
  private static final long UPSTREAM_FAILED = 50200;
  private static final long UPSTREAM_TIMED_OUT = 50400;
  private static final long NOT_RECORDED = 50300;
  private static final long STOPPING = 50301;

  private Wording() {}

  static Said of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.ForeignSite(var header, var value) ->
          new Said(
              new RpcError(403, INVALID_REQUEST),
              "foreign-site",
              "requests with " + header + " `" + value + "` are not accepted here",
              "call the address the server announces, or add the host or origin to its settings");
      case Refusal.BadToken(var found) -> token(found);
      case Refusal.TooLarge(var max) ->
          new Said(
              new RpcError(413, INVALID_REQUEST),
              "too-large",
              "the message is larger than " + max + " bytes",
              "send less at once, or raise the limit in the server's settings");
      case Refusal.NotJsonType(var type) ->
          new Said(
              new RpcError(415, INVALID_REQUEST),
              "not-json",
              "the content type is `" + type + "`",
              "send the message as `application/json`");
      case Refusal.NotJson(var why) ->
          new Said(
              new RpcError(400, PARSE_ERROR),
              "not-json",
              "the message cannot be read: " + why,
              "send one JSON object in UTF-8 with no key twice");
      case Refusal.NotRpc(var why) ->
          new Said(
              new RpcError(400, INVALID_REQUEST),
              "not-json-rpc",
              "the message is not JSON-RPC 2.0: " + why,
              "send one request, notification or response");
      case Refusal.UnknownVersion(var requested) ->
          new Said(
              new RpcError(400, UNSUPPORTED_VERSION),
              "unknown-version",
              "Unsupported protocol version: `" + requested + "`",
              "use one of the versions in `data.supported`");
      case Refusal.HeaderMismatch(var why) ->
          new Said(
              new RpcError(400, HEADER_MISMATCH),
              "header-mismatch",
              "Header mismatch: " + why,
              "send headers that repeat what the body says");
      case Refusal.BadParams(var why) ->
          new Said(
              new RpcError(400, INVALID_PARAMS),
              "bad-params",
              "Invalid params: " + why,
              "correct the parameters");
      case Refusal.UnknownMethod(var method) ->
          new Said(
              new RpcError(404, METHOD_NOT_FOUND),
              "unknown-method",
              "Method not found: `" + method + "` is not a method that Remit governs",
              "use a method of the protocol version you declare");
      case Refusal.UnknownSession() ->
          new Said(
              new RpcError(404, INVALID_REQUEST),
              "unknown-session",
              "there is no such session of this task",
              "open a session with `initialize`");
      case Refusal.UnaskedAnswer() ->
          new Said(
              new RpcError(400, INVALID_REQUEST),
              "unasked-answer",
              "the message answers a request that was not made, or was answered already",
              "answer each request of the server once, in the session it came in");
      case Refusal.UnknownResource(var resource) ->
          new Said(
              new RpcError(404, INVALID_REQUEST),
              "unknown-resource",
              "there is no resource `" + resource + "`",
              "list what exists with `remit get resources`");
      case Refusal.NoServer(var resource) ->
          new Said(
              new RpcError(404, INVALID_REQUEST),
              "no-server",
              "resource `" + resource + "` is a database and not an MCP server",
              "get a credential for it: `remit credential get " + resource + "`");
      case Refusal.NoProfile(var resource, var profile) ->
          new Said(
              new RpcError(404, INVALID_REQUEST),
              "no-such-profile",
              "resource `" + resource + "` is no database with a profile `" + profile + "`",
              "`remit describe resource " + resource + "` says what it is and has");
      case Refusal.ProfileOutsideTask(var profile) ->
          denied(
              "outside-task",
              "this task does not cover credentials of `" + profile + "`",
              "start a task whose scope names it, or one that names nothing");
      case Refusal.NotJustSo(var decision) ->
          denied(
              "not-just-so",
              "policy says `"
                  + decision
                  + "`, and a credential is issued or not: nobody is waited"
                  + " for, and nothing of it can be left out",
              "have the policy decide `issue` without a hold and without obligations");
      case Refusal.NotDelegated() ->
          denied(
              "not-delegated",
              "a credential is issued in a task of one's own only: in a delegated one it would"
                  + " outlive a suspension of whoever delegated",
              "let whoever delegates ask for it, or grant it to this identity and start a task");
      case Refusal.WorkflowStopped(var workflow) ->
          denied(
              "workflow-stopped",
              "workflow `" + workflow + "` is retired or its pilot has expired",
              "its owner can extend or promote it: `remit describe workflow " + workflow + "`");
      case Refusal.OutOfReach(var resource) ->
          denied(
              "not-granted",
              "no grant of this identity reaches resource `" + resource + "`",
              "add a Grant manifest for it and have it approved: `remit plan`, `remit apply`");
      case Refusal.OutsideTask(var tool) ->
          denied(
              "outside-task",
              "this task does not cover tool `" + tool + "`",
              "start a task whose scope names it");
      case Refusal.NotGranted(var what, var name) ->
          denied(
              "not-granted",
              "no grant of this identity names " + what + " `" + name + "`",
              "add it to a Grant manifest and have it approved: `remit plan`, `remit apply`");
      case Refusal.NotTheDelegators(var delegator, var resource) ->
          denied(
              "delegator-not-granted",
              "identity `"
                  + delegator
                  + "`, for whom this is done, has itself no grant for it on `"
                  + resource
                  + "`: delegating never adds authority",
              "have it granted to `" + delegator + "` too, or do it in a task of one's own");
      case Refusal.GrantExpired(var grant, var at) ->
          denied(
              "grant-expired",
              "grant `" + grant + "` expired at " + at,
              "have it approved again with a later `expires`");
      case Refusal.CallsSpent(var max) ->
          denied(
              "calls-spent",
              "this task has used all of its " + max + " calls",
              "start a new task, or raise the limit in the Grant manifest");
      case Refusal.NotReviewed(var tool) ->
          new Said(
              new RpcError(200, INVALID_PARAMS),
              "not-reviewed",
              "Unknown tool: `" + tool.tool() + "` has no reviewed definition",
              "review it and apply a Tool manifest for `" + tool + "`");
      case Refusal.DefinitionChanged(var tool, var now) ->
          denied(
              "definition-changed",
              "the server defines tool `" + tool + "` differently from what was reviewed",
              "read what the server lists now; if it is right, apply Tool `"
                  + tool
                  + "` with definition.digest "
                  + now);
      case Refusal.ToolGone(var tool) ->
          denied(
              "definition-changed",
              "the server no longer offers tool `" + tool + "`",
              "remove its manifest, or restore the server's earlier version");
      case Refusal.DefinitionUnknown(var tool, var why) ->
          denied(
              "definition-unknown",
              "the definition of tool `" + tool + "` cannot be checked: " + why,
              "repeat the call once the server answers `tools/list`");
      case Refusal.BadArguments(var tool, var problems) ->
          denied(
              "bad-arguments",
              "the arguments of `" + tool + "` break its schema: " + String.join("; ", problems),
              "correct the arguments and call again");
      case Refusal.DeniedByPolicy(var deny) ->
          denied(
              deny.ground() == Decision.Ground.UNFULFILLED
                  ? "obligation-unfulfilled"
                  : "denied-by-policy",
              policy(deny),
              advice(deny));
      case Refusal.Deferred(var defer, var retryAt) ->
          new Said(
              new ToolResult(DEFERRED),
              "deferred",
              "not executed, not decidable yet: " + names(defer.because()) + waitsFor(defer),
              "repeat the call at " + retryAt + " or later");
      case Refusal.CannotBeHeld(var method) ->
          denied(
              "cannot-be-held",
              "policy wants a person to agree first, and `" + method + "` cannot wait for one",
              "permit it outright or forbid it: a hold fits tools, prompts and resources");
      case Refusal.StateRefused(var how, var why) ->
          new Said(
              new RpcError(400, INVALID_PARAMS),
              "request-state-" + how,
              "Invalid params: `requestState` " + why,
              "repeat the request without `requestState`");
      case Refusal.AwaitingApproval(var id, var wanted, var lapsesAt, _) ->
          new Said(
              new ToolResult(HELD),
              "awaiting-approval",
              "not executed, awaiting approval "
                  + id
                  + " by "
                  + String.join(" and ", wanted)
                  + " until "
                  + lapsesAt,
              "repeat the identical call once somebody has agreed with `remit approve " + id + "`");
      case Refusal.TooManyHeld(var crowd) ->
          denied(
              "too-many-held",
              crowd.pending()
                  ? "%d calls of the %s `%s` wait for people already"
                      .formatted(crowd.max(), crowd.what(), crowd.name())
                  : "people were asked for %d approvals for the identity `%s` in a short while"
                      .formatted(crowd.max(), crowd.name()),
              "wait until some are answered (`remit approvals`), ask for less at once, or have"
                  + " policy decide these calls; the limits are `approvals.crowding`");
      case Refusal.Declined(var id, var reason) ->
          denied(
              "approval-declined",
              "approval " + id + " was declined: " + reason,
              "talk to the person who answered before you ask again");
      case Refusal.Lapsed(var id) ->
          denied(
              "approval-lapsed",
              "nobody answered approval " + id + " in time",
              "call again to ask anew");
      case Refusal.ApprovalVoid(var id, var why) ->
          denied("approval-void", "approval " + id + " no longer holds: " + why, "call again");
      case Refusal.OutcomeUnknown(var id, var usedAt) ->
          new Said(
              new ToolResult(OUTCOME_UNKNOWN),
              "outcome-unknown",
              "this call was released under approval "
                  + id
                  + " at "
                  + usedAt
                  + "; whether it was executed is not known, and it was not sent again",
              "find out at the server; " + again(id));
      case Refusal.OutcomeNotKept(var id, var why) ->
          new Said(
              new ToolResult(OUTCOME_UNKNOWN),
              "outcome-not-kept",
              "this call was executed under approval " + id + " and not again; " + why,
              "look at the server for its effect; " + again(id));
      case Refusal.ServerMayNotAsk(var method) ->
          denied(
              "server-may-not-ask",
              "the server asked for `" + method + "`, which policy does not permit",
              "permit the action in a policy if the server should be able to ask");
      case Refusal.Unreachable(var why) ->
          new Said(
              new ToolResult(UPSTREAM_FAILED),
              "upstream-unreachable",
              "the server behind this resource cannot be reached: " + why,
              "nothing was sent; try again later, or look at the server");
      case Refusal.TimedOut(var after) ->
          new Said(
              new ToolResult(UPSTREAM_TIMED_OUT),
              "upstream-timeout",
              "the server behind this resource did not answer within " + after.toSeconds() + " s",
              "it may have acted all the same; check before you repeat the call");
      case Refusal.BrokenAnswer(var why) ->
          new Said(
              new ToolResult(UPSTREAM_FAILED),
              "upstream-broken",
              "the server behind this resource gave an answer that cannot be passed on: " + why,
              "it may have acted all the same; check before you repeat the call");
      case Refusal.ResultWithheld(var why) ->
          denied(
              "result-withheld",
              "the server has answered, but its answer may pass only redacted, and that"
                  + " cannot be done reliably: "
                  + why,
              "the server may have acted, so do not just repeat the call; have it answer in JSON, or"
                  + " ask the policy's owner");
      case Refusal.Cut(var why) ->
          denied("cut", "stopped while under way: " + why, "ask the owner; do not retry");
      case Refusal.Stopping() ->
          new Said(
              new RpcError(503, STOPPING),
              "stopping",
              "the server is stopping and takes no new requests",
              "send the request again in a few seconds; nothing was done with it");
      case Refusal.NotRecorded() ->
          new Said(
              new ToolResult(NOT_RECORDED),
              "not-recorded",
              "the decision could not be recorded, so nothing was sent",
              "try again; if it stays so, look at the database");
      case Refusal.Bug() ->
          new Said(
              new RpcError(500, INTERNAL_ERROR),
              "internal",
              "the server failed in a way it does not expect",
              "look at the server's log and report it");
    };
  }

  private static String again(ApprovalId id) {
    return "to have it done once more, repeat it with `dev.remit/again`: `"
        + id
        + "` in `_meta`, and a person is asked anew";
  }

  private static Said denied(String reason, String text, String next) {
    return new Said(new ToolResult(DENIED), reason, text, next);
  }

  private static Said token(TokenCheck found) {
    return switch (found) {
      case TokenCheck.Good _ -> throw new IllegalArgumentException("a good token is no refusal");
      case TokenCheck.Missing() ->
          new Said(
              new Challenge(""),
              "token-missing",
              "no task token was presented",
              "obtain one at the authorization server that `resource_metadata` names");
      case TokenCheck.Invalid(var code) ->
          challenge("token-invalid", "the task token is not valid (" + code + ")");
      case TokenCheck.Expired(var at) ->
          challenge("token-expired", "the task token expired at " + at);
      case TokenCheck.WrongAudience(var expected) ->
          challenge("wrong-audience", "the task token is not for " + expected);
      case TokenCheck.NotHeld(var error, var code, var detail, _) ->
          new Said(new Challenge(error), code, "the token is not shown to be its sender's", detail);
      case TokenCheck.TaskEnded(var task) -> challenge("task-ended", "task " + task + " has ended");
      case TokenCheck.Suspended(var kind, var name) ->
          new Said(
              new Challenge("invalid_token"),
              "suspended",
              kind + " `" + name + "` is suspended",
              "ask its owner; new tokens are refused as well until it is resumed");
      case TokenCheck.FeedStale(var age) ->
          new Said(
              new RpcError(503, NOT_RECORDED),
              "feed-stale",
              "this node has heard of no suspensions for "
                  + age.toSeconds()
                  + " s, so it trusts"
                  + " no token",
              "try again; if it stays so, look at the database");
    };
  }

  private static Said challenge(String reason, String text) {
    return new Said(
        new Challenge("invalid_token"), reason, text, "obtain a new token for this task");
  }

  private static String policy(Decision.Deny deny) {
    if (deny.ground() == Decision.Ground.UNFULFILLED) {
      return "permitted by "
          + names(deny.because())
          + " only under an obligation, and "
          + deny.errors().getLast().message();
    }
    if (!deny.because().isEmpty()) {
      return "forbidden by " + names(deny.because());
    }
    if (!deny.errors().isEmpty()) {
      var first = deny.errors().getFirst();
      return "policy `" + first.policy() + "` could not be evaluated: " + first.message();
    }
    return "no policy permits this call";
  }

  private static String waitsFor(Decision.Defer defer) {
    return defer.errors().isEmpty()
        ? " says not now"
        : " waits for a fact: " + defer.errors().getLast().message();
  }

  private static String advice(Decision.Deny deny) {
    if (deny.ground() == Decision.Ground.UNFULFILLED) {
      return "change the call so that the obligation can be fulfilled, as `remit explain` shows it";
    }
    if (!deny.nearly().isEmpty()) {
      var near = deny.nearly().getFirst();
      return "policy `" + near.policy() + "` would permit it if " + near.condition();
    }
    return "see `remit explain` with the decision id, then change or add a policy";
  }

  private static String names(List<PolicyId> policies) {
    return policies.stream().map(id -> "`" + id + "`").collect(Collectors.joining(", "));
  }
}
