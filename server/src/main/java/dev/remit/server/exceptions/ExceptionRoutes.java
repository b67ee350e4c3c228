package dev.remit.server.exceptions;

import dev.remit.kernel.identity.ExceptionId;
import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.exceptions.Acceptance.Settlement;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations by which two people accept a finding for a while, and one ends that.
public final class ExceptionRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;
  private static final Duration LASTS_MIN = Duration.ofMinutes(1);

  private final Exceptions exceptions;
  private final FreshSignIn fresh;

  public ExceptionRoutes(Exceptions exceptions, FreshSignIn fresh) {
    this.exceptions = exceptions;
    this.fresh = fresh;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/exceptions",
            Access.anyPerson(),
            "List exceptions, newest first, and how many findings are accepted now",
            call -> Reply.json(200, list(call.at()))),
        new Operation(
            Method.POST,
            "/v1/exceptions",
            Access.people(Role.OWNER, Role.SECURITY),
            "Ask that a finding be accepted: `{\"finding\": \"…\", \"for\": \"P30D\", \"reason\": \"…\"}`",
            this::request),
        new Operation(
            Method.POST,
            "/v1/exceptions/{id}/answer",
            Access.people(Role.APPROVER, Role.SECURITY),
            "Agree to somebody else's wish or decline it: `{\"agree\": true}`",
            this::answer),
        new Operation(
            Method.DELETE,
            "/v1/exceptions/{id}",
            Access.people(Role.OWNER, Role.APPROVER, Role.SECURITY),
            "End an exception at once, or take a wish back",
            this::end));
  }

  private Reply request(Call call) {
    var body = call.json();
    var reason = body.path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw bad("a reason of 1 to " + REASON_MAX + " characters is needed");
    }
    var finding = finding(body);
    var requested = exceptions.request(finding, person(call), lasts(body), reason, call.at());
    if (requested instanceof Exceptions.Requested.Open(var fresh)) {
      return Reply.json(202, json(fresh, call.at()));
    }
    return ExceptionProblems.of(finding, requested).map(Reply::problem).orElseThrow();
  }

  private static FindingId finding(JsonNode body) {
    try {
      return new FindingId(body.path("finding").asString(""));
    } catch (IllegalArgumentException e) {
      throw bad("`finding` is the id of a finding, as `remit findings` shows it");
    }
  }

  private Duration lasts(JsonNode body) {
    var max = exceptions.config().lastsMax();
    try {
      var lasts = Duration.parse(body.path("for").asString(""));
      if (lasts.compareTo(LASTS_MIN) >= 0 && lasts.compareTo(max) <= 0) {
        return lasts;
      }
    } catch (DateTimeException e) {
      // Answered below, like a length out of bounds.
    }
    throw bad("`for` is an ISO 8601 duration from PT1M to P" + max.toDays() + "D, such as P30D");
  }

  private Reply answer(Call call) {
    var id = call.param("id", ExceptionId::new);
    var agree = call.json().path("agree");
    if (!agree.isBoolean()) {
      throw bad("an answer has a boolean `agree`");
    }
    var unfresh =
        agree.booleanValue() && exceptions.find(id).filter(exceptions::isSerious).isPresent()
            ? fresh.refusal(call)
            : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var settlement = exceptions.answer(id, person(call), agree.booleanValue(), call.at());
    return settlement.map(meant -> said(call, id, meant)).orElseGet(() -> unknown(id));
  }

  private Reply said(Call call, ExceptionId id, Settlement settlement) {
    return ExceptionProblems.of(id, settlement)
        .map(Reply::problem)
        .or(() -> exceptions.find(id).map(one -> Reply.json(200, json(one, call.at()))))
        .orElseGet(() -> unknown(id));
  }

  private Reply end(Call call) {
    var id = call.param("id", ExceptionId::new);
    if (exceptions.find(id).isEmpty()) {
      return unknown(id);
    }
    return exceptions.end(id, person(call), call.at()).isPresent()
        ? Reply.json(200, list(call.at()))
        : Reply.problem(
            new Problem(409, "already-over", id + " is over", "nothing is left to be done"));
  }

  private static Reply unknown(ExceptionId id) {
    return Reply.problem(Problem.notFound("exception `" + id + "`"));
  }

  private ObjectNode list(Instant now) {
    var json = JSON.createObjectNode();
    json.put("accepted", exceptions.accepted(now).size());
    var items = json.putArray("items");
    exceptions.newest().forEach(one -> items.add(json(one, now)));
    return json;
  }

  private ObjectNode json(Acceptance one, Instant now) {
    var json = JSON.createObjectNode();
    json.put("id", one.id().value());
    json.put("state", word(one.state()));
    json.put("holds", one.holds(now));
    json.put("finding", one.finding().value());
    exceptions
        .finding(one)
        .ifPresent(found ->
            json.put("kind", found.kind())
                .put("subject", found.subject())
                .put("severity", found.severity().word())
                .put("summary", found.summary()));
    json.put("requestedBy", one.requestedBy().value());
    json.put("reason", one.reason());
    json.put("for", one.lasts().toString());
    json.put("requestedAt", one.requestedAt().toString());
    json.put("lapsesAt", one.lapsesAt().toString());
    one.answeredBy().ifPresent(by -> json.put("answeredBy", by.value()));
    one.expiresAt().ifPresent(at -> json.put("expiresAt", at.toString()));
    one.endedBy().ifPresent(by -> json.put("endedBy", by.value()));
    return json;
  }

  private static String word(Acceptance.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to exceptions");
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(
        Problem.badRequest(
            detail, "send {\"finding\": \"fnd_…\", \"for\": \"P30D\", \"reason\": \"…\"}"));
  }
}
