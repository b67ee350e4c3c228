package dev.remit.server.promotion;

import dev.remit.kernel.identity.PromotionId;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.promotion.Promotion.Settlement;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations of the way into production and back.
public final class PromotionRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;

  private final Promotions promotions;
  private final Exercise exercise;
  private final FreshSignIn fresh;

  public PromotionRoutes(Promotions promotions, Exercise exercise, FreshSignIn fresh) {
    this.promotions = promotions;
    this.exercise = exercise;
    this.fresh = fresh;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/workflows/{workflow}/gate",
            Access.anyPerson(),
            "Compute what stands between a workflow and production, from the live log",
            this::gate),
        new Operation(
            Method.POST,
            "/v1/workflows/{workflow}/exercise",
            Access.people(Role.SECURITY),
            "Widen one grant for a moment, and say whether that raised an alarm",
            this::exercise),
        new Operation(
            Method.POST,
            "/v1/workflows/{workflow}/demote",
            Access.people(Role.OWNER, Role.SECURITY),
            "Make a workflow a pilot again: `{\"reason\": \"…\"}`",
            this::demote),
        new Operation(
            Method.GET,
            "/v1/promotions",
            Access.anyPerson(),
            "List promotions, newest first",
            _ -> Reply.json(200, list())),
        new Operation(
            Method.POST,
            "/v1/promotions",
            Access.people(Role.OWNER, Role.SECURITY),
            "Ask for a pilot to be promoted: `{\"workflow\": \"…\", \"reason\": \"…\"}`",
            this::request),
        new Operation(
            Method.POST,
            "/v1/promotions/{id}/answer",
            Access.people(Role.APPROVER, Role.SECURITY),
            "Agree to somebody else's wish or decline it: `{\"agree\": true, \"reason\": \"…\"}`",
            this::answer));
  }

  private Reply gate(Call call) {
    var workflow = call.param("workflow", WorkflowName::new);
    return promotions
        .look(workflow, call.at())
        .map(look -> Reply.json(200, json(look)))
        .orElseGet(() -> unknown(workflow));
  }

  private static ObjectNode json(Promotions.Look look) {
    var json = look.gate().toJson();
    json.put("open", look.gate().isOpen());
    json.put("gate", look.gate().digest().value());
    look.pending().ifPresent(one -> json.set("pending", json(one)));
    look.demotesAt().ifPresent(at -> json.put("demotesAt", at.toString()));
    return json;
  }

  private Reply request(Call call) {
    var body = call.json();
    var workflow = workflow(body);
    var requested = promotions.request(workflow, author(call).name(), reason(body), call.at());
    if (requested instanceof Promotions.Requested.Open(var fresh)) {
      return Reply.json(202, json(fresh));
    }
    return PromotionProblems.of(workflow, requested).map(Reply::problem).orElseThrow();
  }

  private Reply answer(Call call) {
    var id = call.param("id", PromotionId::new);
    var body = call.json();
    var agree = body.path("agree");
    if (!agree.isBoolean()) {
      throw bad("an answer has a boolean `agree`");
    }
    var unfresh =
        agree.booleanValue()
            ? promotions.find(id).flatMap(one -> fresh.refusal(call, one.workflow()))
            : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    return promotions
        .answer(id, author(call).name(), agree.booleanValue(), reason(body), call.at())
        .map(meant -> said(id, meant))
        .orElseGet(() -> Reply.problem(Problem.notFound("promotion `" + id + "`")));
  }

  private Reply said(PromotionId id, Settlement settlement) {
    return PromotionProblems.of(id, settlement)
        .map(Reply::problem)
        .or(() -> promotions.find(id).map(one -> Reply.json(200, json(one))))
        .orElseGet(() -> Reply.problem(Problem.notFound("promotion `" + id + "`")));
  }

  private Reply exercise(Call call) {
    var workflow = call.param("workflow", WorkflowName::new);
    var done = exercise.run(workflow, author(call));
    if (!(done instanceof Exercise.Done.Finished(var id, var grant, var finding, var took))) {
      return PromotionProblems.of(workflow, done).map(Reply::problem).orElseThrow();
    }
    var json =
        JSON.createObjectNode()
            .put("id", id.value())
            .put("workflow", workflow.value())
            .put("grant", grant)
            .put("outcome", finding.isPresent() ? "met" : "missed")
            .put("millis", took.toMillis());
    finding.ifPresent(alarm -> json.put("finding", alarm.id().value()));
    return Reply.json(200, json);
  }

  private Reply demote(Call call) {
    var workflow = call.param("workflow", WorkflowName::new);
    var applied = promotions.demote(workflow, author(call), reason(call.json()), call.at());
    if (applied.orElse(null) instanceof Applied.Done(_, var version)) {
      return Reply.json(
          200,
          JSON.createObjectNode()
              .put("workflow", workflow.value())
              .put("stage", "pilot")
              .put("version", version));
    }
    return PromotionProblems.ofDemotion(workflow, applied).map(Reply::problem).orElseThrow();
  }

  private ObjectNode list() {
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    promotions.newest().forEach(one -> items.add(json(one)));
    return json;
  }

  private static ObjectNode json(Promotion one) {
    var json = JSON.createObjectNode();
    json.put("id", one.id().value());
    json.put("workflow", one.workflow().value());
    json.put("state", word(one.state()));
    json.put("requestedBy", one.requestedBy().value());
    json.put("gate", one.gate().value());
    json.put("requestedAt", one.requestedAt().toString());
    json.put("lapsesAt", one.lapsesAt().toString());
    one.answeredBy().ifPresent(by -> json.put("answeredBy", by.value()));
    return json;
  }

  private static String word(Promotion.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static WorkflowName workflow(JsonNode body) {
    try {
      return new WorkflowName(body.path("workflow").asString(""));
    } catch (IllegalArgumentException e) {
      throw bad("`workflow` is the name of a declared workflow");
    }
  }

  private static String reason(JsonNode body) {
    var reason = body.path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw bad("a reason of 1 to " + REASON_MAX + " characters is needed");
    }
    return reason;
  }

  private static Reply unknown(WorkflowName workflow) {
    return Reply.problem(Problem.notFound("workflow `" + workflow + "`"));
  }

  private static Author author(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, var roles)) {
      return new Author(name, roles);
    }
    throw new IllegalStateException("the edge admits only people to promotions");
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(
        Problem.badRequest(detail, "send {\"workflow\": \"…\", \"reason\": \"…\"}"));
  }
}
