package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations by which people see and answer held calls.
public final class ApprovalRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;

  private final Approvals approvals;

  public ApprovalRoutes(Approvals approvals) {
    this.approvals = approvals;
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
            "/v1/approvals/{id}",
            Access.anyPerson(),
            "Show one held call and what the agent wants to send",
            this::show),
        new Operation(
            Method.POST,
            "/v1/approvals/{id}/answer",
            Access.asked(),
            "Agree to a held call or decline it: `{\"agree\": true, \"reason\": \"…\"}`. It asks for"
                + " the roles that its `roles` name, of another person than its `owner`",
            this::answer));
  }

  private Reply list(Call call) {
    boolean onlyPending = call.query("state").filter("pending"::equals).isPresent();
    var list = JSON.createObjectNode();
    var items = list.putArray("approvals");
    approvals.list(onlyPending).forEach(approval -> items.add(json(approval)));
    return Reply.json(200, list);
  }

  private Reply show(Call call) {
    var id = call.param("id", ApprovalId::new);
    return approvals
        .find(id)
        .map(approval -> Reply.json(200, json(approval)))
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
    return said(id, approvals.answer(id, person, roles, agree.booleanValue(), reason, call.at()));
  }

  private Reply said(ApprovalId id, Optional<Settlement> settlement) {
    return switch (settlement.orElse(null)) {
      case null -> unknown(id);
      case Settlement.Granted _, Settlement.Declined _ ->
          approvals
              .find(id)
              .map(approval -> Reply.json(200, json(approval)))
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
      case Settlement.NotAsked(var roles) ->
          Reply.problem(
              new Problem(
                  403,
                  "not-asked",
                  "this needs a person with "
                      + roles.stream().map(Role::word).sorted().collect(Collectors.joining(", ")),
                  "let a person with the role answer"));
    };
  }

  private static Reply unknown(ApprovalId id) {
    return Reply.problem(Problem.notFound("approval `" + id + "`"));
  }

  private static ObjectNode json(Approval approval) {
    var binding = approval.binding();
    var json = JSON.createObjectNode();
    json.put("id", approval.id().value());
    json.put("state", approval.state().name().toLowerCase(Locale.ROOT));
    json.put("decision", approval.decision().value());
    json.put("identity", binding.identity().value());
    json.put("workflow", binding.workflow().value());
    json.put("task", binding.task().value());
    json.put("intent", binding.intent());
    json.put("owner", binding.asker().value());
    var wanted = binding.wanted();
    json.put("method", wanted.method());
    json.put("resource", wanted.resource().value());
    json.put("item", wanted.item());
    wanted.definition().ifPresent(digest -> json.put("definition", digest.value()));
    json.put("argumentsDigest", binding.arguments().value());
    json.put("policies", binding.policies().value());
    approval.shown().ifPresent(shown -> json.put("arguments", shown));
    approval.because().forEach(json.putArray("because")::add);
    approval.roles().stream().map(Role::word).sorted().forEach(json.putArray("roles")::add);
    json.put("openedAt", approval.openedAt().toString());
    json.put("lapsesAt", approval.lapsesAt().toString());
    approval
        .answer()
        .ifPresent(answer ->
            json.putObject("answer")
                .put("by", answer.by())
                .put("reason", answer.reason())
                .put("at", answer.at().toString()));
    return json;
  }
}
