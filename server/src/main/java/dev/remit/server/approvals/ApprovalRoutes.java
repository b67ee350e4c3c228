package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The operations by which people see and answer held calls.
public final class ApprovalRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;

  private final Approvals approvals;
  private final FreshSignIn fresh;

  public ApprovalRoutes(Approvals approvals, FreshSignIn fresh) {
    this.approvals = approvals;
    this.fresh = fresh;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/approvals",
            Access.anyPerson(),
            "List held calls, newest first; `state=pending` for those that wait",
            this::list),
        new Operation(
            Method.GET,
            "/v1/approvals/groups",
            Access.anyPerson(),
            "List what waits, like with like: the calls of one task that want the same, as one",
            this::groups),
        new Operation(
            Method.GET,
            "/v1/approvals/{id}",
            Access.anyPerson(),
            "Show one held call and what the agent wants to send",
            this::show),
        new Operation(
            Method.POST,
            "/v1/approvals/{id}/answer",
            Access.asked(),
            "Agree to a held call or decline it: `{\"agree\": true, \"reason\": \"…\"}`. It asks for"
                + " the roles that its `roles` name, of another person than its `owner`; with"
                + " `forTask` one agrees to further calls like it",
            this::answer),
        new Operation(
            Method.POST,
            "/v1/approvals/{id}/take-back",
            Access.asked(),
            "Take back what was agreed to and is not used up: `{\"reason\": \"…\"}`. For who"
                + " agreed, who owns the workflow, security and administrators",
            this::takeBack));
  }

  private Reply list(Call call) {
    boolean onlyPending = call.query("state").filter("pending"::equals).isPresent();
    var list = JSON.createObjectNode();
    var items = list.putArray("approvals");
    approvals.list(onlyPending).forEach(approval -> items.add(ApprovalJson.of(approval)));
    return Reply.json(200, list);
  }

  private Reply show(Call call) {
    var id = call.param("id", ApprovalId::new);
    return approvals
        .find(id)
        .map(approval -> Reply.json(200, ApprovalJson.whole(approval, approvals)))
        .orElseGet(() -> unknown(id));
  }

  private Reply answer(Call call) {
    var id = call.param("id", ApprovalId::new);
    if (!(call.caller() instanceof Caller.PersonCaller(var person, var roles))) {
      throw new IllegalStateException("the edge let somebody through who is no person");
    }
    var body = call.json();
    var agree = body.path("agree");
    var reason = body.path("reason").asString("").strip();
    if (!agree.isBoolean() || reason.isEmpty() || reason.length() > REASON_MAX) {
      return Reply.problem(
          Problem.badRequest(
              "an answer has a boolean `agree` and a `reason`",
              "send {\"agree\": true|false, \"reason\": \"1 to 2000 characters\"}"));
    }
    var forTask = body.path("forTask");
    if (!forTask.isMissingNode() && !(agree.booleanValue() && forTask.isObject())) {
      return Reply.problem(
          Problem.badRequest(
              "`forTask` is an object beside an `agree` that is true",
              "send {\"uses\": 5, \"until\": \"2026-01-31T12:00:00Z\", \"free\": [\"invoice\"]}"));
    }
    Optional<ForTask> agreedTo;
    try {
      agreedTo = forTask.isMissingNode() ? Optional.empty() : Optional.of(forTask(forTask));
    } catch (IllegalArgumentException e) {
      return Reply.problem(
          Problem.badRequest(
              "`forTask`: " + e.getMessage(),
              "give `uses` (2 or more), `until` (a time such as 2026-01-31T12:00:00Z) and `free`"
                  + " (names of arguments that may differ)"));
    }
    var unfresh =
        agree.booleanValue()
            ? approvals.find(id).flatMap(one -> fresh.refusal(call, one.binding().workflow()))
            : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var said = new Answering(agree.booleanValue(), reason, agreedTo);
    return said(id, approvals.answer(id, person, roles, said, call.at()));
  }

  private static ForTask forTask(JsonNode json) {
    var uses = json.path("uses");
    var free = json.path("free");
    if (!uses.isInt() || !(free.isMissingNode() || free.isArray())) {
      throw new IllegalArgumentException("`uses` is a number and `free` a list of names");
    }
    try {
      var until = Instant.parse(json.path("until").asString(""));
      var names = free.valueStream().map(name -> name.asString("")).collect(Collectors.toSet());
      return new ForTask(uses.intValue(), until, names);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("`until` is no time in UTC", e);
    }
  }

  private Reply takeBack(Call call) {
    var id = call.param("id", ApprovalId::new);
    if (!(call.caller() instanceof Caller.PersonCaller(var person, var roles))) {
      throw new IllegalStateException("the edge let somebody through who is no person");
    }
    var reason = call.json().path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      return Reply.problem(
          Problem.badRequest(
              "taking back an approval has a `reason`",
              "send {\"reason\": \"1 to 2000 characters\"}"));
    }
    var taken = approvals.takeBack(id, person, roles, reason, call.at());
    return problem(id, taken)
        .map(Reply::problem)
        .or(() ->
            approvals
                .find(id)
                .map(approval -> Reply.json(200, ApprovalJson.whole(approval, approvals))))
        .orElseGet(() -> unknown(id));
  }

  /// Why nothing was taken back; empty where it was.
  public static Optional<Problem> problem(ApprovalId id, Optional<TakenBack> taken) {
    return switch (taken.orElse(null)) {
      case null -> Optional.of(Problem.notFound("approval `" + id + "`"));
      case TakenBack.Done() -> Optional.empty();
      case TakenBack.NothingLeft() ->
          Optional.of(
              new Problem(
                  409,
                  "nothing-to-take-back",
                  "nothing of " + id + " is left to be used",
                  "nothing is left to be done; a later call like it is held again"));
      case TakenBack.NotTheirs(var person) ->
          Optional.of(
              new Problem(
                  403,
                  "not-theirs",
                  "`" + person + "` has not agreed to it and does not own the workflow",
                  "let who agreed, who owns the workflow, security or an administrator do it"));
    };
  }

  private Reply groups(Call call) {
    var list = JSON.createObjectNode();
    var items = list.putArray("groups");
    approvals.groups().forEach(group -> items.add(ApprovalJson.of(group)));
    return Reply.json(200, list);
  }

  private Reply said(ApprovalId id, Optional<Settlement> settlement) {
    return switch (settlement.orElse(null)) {
      case null -> unknown(id);
      case Settlement.Granted _, Settlement.Counted _, Settlement.Declined _ ->
          approvals
              .find(id)
              .map(approval -> Reply.json(200, ApprovalJson.of(approval)))
              .orElseGet(() -> unknown(id));
      case Settlement.Lapsed(var at) ->
          Reply.problem(
              new Problem(
                  409, "approval-lapsed", id + " lapsed at " + at, "let the agent call again"));
      case Settlement.Settled(var state) ->
          Reply.problem(
              new Problem(
                  409,
                  "approval-settled",
                  id + " is " + state.name().toLowerCase(Locale.ROOT) + " already",
                  "nothing is left to answer"));
      case Settlement.OwnRequest(var person) ->
          Reply.problem(
              new Problem(
                  403,
                  "own-request",
                  "`" + person + "` owns the workflow that asks; nobody approves their own request",
                  "let another person with the role answer"));
      case Settlement.Voided(var broken) ->
          Reply.problem(
              new Problem(
                  409,
                  "approval-void",
                  id + " no longer holds: " + broken.how(),
                  "let the agent call again; then it rests on what is so now"));
      case Settlement.Apart(var person, var duty) ->
          Reply.problem(
              new Problem(
                  403,
                  "duties-apart",
                  "`%s` is %s in this, and policy keeps that apart from approving"
                      .formatted(person, duty.word()),
                  "let a person answer who had no part in it"));
      case Settlement.AgreedAlready(var person) ->
          Reply.problem(
              new Problem(
                  409,
                  "agreed-already",
                  "`" + person + "` has agreed to " + id + " and counts once",
                  "let another person agree as well"));
      case Settlement.NotForTask(var why, var next) ->
          Reply.problem(new Problem(409, "not-for-task", why, next));
      case Settlement.NotAsked(var roles) ->
          Reply.problem(
              new Problem(
                  403,
                  "not-asked",
                  "this needs a person with "
                      + roles.stream().map(Role::word).sorted().collect(Collectors.joining(" or ")),
                  "let a person with the role answer"));
    };
  }

  private static Reply unknown(ApprovalId id) {
    return Reply.problem(Problem.notFound("approval `" + id + "`"));
  }
}
