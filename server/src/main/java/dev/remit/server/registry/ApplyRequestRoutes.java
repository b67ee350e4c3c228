package dev.remit.server.registry;

import dev.remit.kernel.identity.ApplyId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.ApplyRequest.Settlement;
import dev.remit.server.registry.ApplyRequest.State;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations by which people see changes that wait for a second person, and answer them.
public final class ApplyRequestRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;

  private final ApplyRequests requests;

  public ApplyRequestRoutes(ApplyRequests requests) {
    this.requests = requests;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/apply-requests",
            Access.anyPerson(),
            "List applies that took or take a second person, newest first; `state=requested` for"
                + " those that wait",
            this::list),
        new Operation(
            Method.GET,
            "/v1/apply-requests/{id}",
            Access.anyPerson(),
            "Show one of them, and what it would do now",
            this::show),
        new Operation(
            Method.POST,
            "/v1/apply-requests/{id}/answer",
            Access.people(Role.OWNER, Role.SECURITY, Role.ADMIN),
            "Agree to somebody else's change, which makes it, or decline it: `{\"agree\": true,"
                + " \"reason\": \"…\"}`",
            this::answer));
  }

  private Reply list(Call call) {
    boolean onlyOpen = call.query("state").filter("requested"::equals).isPresent();
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    (onlyOpen ? requests.open() : requests.newest()).forEach(one -> items.add(json(one)));
    return Reply.json(200, json);
  }

  private Reply show(Call call) {
    var id = call.param("id", ApplyId::new);
    return requests
        .find(id)
        .map(one -> {
          var json = json(one);
          if (one.state() == State.REQUESTED) {
            requests
                .shown(one, call.at())
                .ifPresent(planned -> json.set("planned", RegistryJson.planned(planned)));
          }
          return Reply.json(200, json);
        })
        .orElseGet(() -> unknown(id));
  }

  private Reply answer(Call call) {
    var id = call.param("id", ApplyId::new);
    if (!(call.caller() instanceof Caller.PersonCaller(var person, var roles))) {
      throw new IllegalStateException("the edge lets only people answer changes");
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
    return said(id, requests.answer(id, person, roles, agree.booleanValue(), reason, call.at()));
  }

  private Reply said(ApplyId id, Optional<Settlement> settlement) {
    return switch (settlement.orElse(null)) {
      case null -> unknown(id);
      case Settlement.Agreed _, Settlement.Declined _ ->
          requests.find(id).map(one -> Reply.json(200, json(one))).orElseGet(() -> unknown(id));
      case Settlement.Lapsed(var at) ->
          refused(409, "change-lapsed", id + " lapsed at " + at, "plan and apply again");
      case Settlement.Voided(var why) ->
          refused(
              409,
              "change-void",
              id + " does not hold any more: " + why,
              "plan again, look at what would change now, then apply");
      case Settlement.Settled(var state) ->
          refused(
              409,
              "change-settled",
              id + " is " + word(state) + " already",
              "nothing is left to answer");
      case Settlement.OwnRequest(var by) ->
          refused(
              403,
              "own-request",
              "`" + by + "` asked for it; nobody approves their own request",
              "let another person with role `security` or `admin` agree");
      case Settlement.NotPermitted() ->
          refused(
              403,
              "not-permitted",
              "this needs somebody who could have made all of it, or keeps security",
              "let a person with role `security` or `admin` agree");
    };
  }

  private static Reply refused(int status, String slug, String detail, String remedy) {
    return Reply.problem(new Problem(status, slug, detail, remedy));
  }

  private static Reply unknown(ApplyId id) {
    return Reply.problem(Problem.notFound("change `" + id + "`"));
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  static ObjectNode json(ApplyRequest one) {
    var json =
        JSON.createObjectNode()
            .put("id", one.id().value())
            .put("state", word(one.state()))
            .put("requestedBy", one.requestedBy().value())
            .put("requestedAt", one.requestedAt().toString())
            .put("lapsesAt", one.lapsesAt().toString())
            .put("version", one.version())
            .put("digest", one.digest().value())
            .put("changes", one.changes())
            .put("why", one.why());
    one.answeredBy().ifPresent(by -> json.put("answeredBy", by.value()));
    return json;
  }
}
