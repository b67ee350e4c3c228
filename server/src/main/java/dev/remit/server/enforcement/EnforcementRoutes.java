package dev.remit.server.enforcement;

import dev.remit.kernel.identity.EnforcementId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.enforcement.Observation.Settlement;
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

/// The operations by which two people switch enforcement off for a while, and one switches it on.
public final class EnforcementRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;

  private final Enforcement enforcement;
  private final FreshSignIn fresh;

  public EnforcementRoutes(Enforcement enforcement, FreshSignIn fresh) {
    this.enforcement = enforcement;
    this.fresh = fresh;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/enforcement",
            Access.anyPerson(),
            "Say whether policy is enforced, and when it was not",
            call -> Reply.json(200, state(call.at()))),
        new Operation(
            Method.POST,
            "/v1/enforcement",
            Access.people(Role.BREAK_GLASS),
            "Ask for policy to be observed only: `{\"for\": \"PT2H\", \"reason\": \"…\"}`",
            this::request),
        new Operation(
            Method.POST,
            "/v1/enforcement/{id}/answer",
            Access.people(Role.BREAK_GLASS),
            "Agree to somebody else's wish or decline it: `{\"agree\": true}`",
            this::answer),
        new Operation(
            Method.DELETE,
            "/v1/enforcement",
            Access.people(Role.BREAK_GLASS, Role.SECURITY, Role.ADMIN),
            "Enforce policy again at once, or take a wish back",
            this::end));
  }

  private Reply request(Call call) {
    var body = call.json();
    var reason = body.path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw bad("a reason of 1 to " + REASON_MAX + " characters is needed");
    }
    var lasts = lasts(body);
    var unfresh = fresh.refusal(call);
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var requested = enforcement.request(person(call), lasts, reason, call.at());
    return EnforcementProblems.of(requested)
        .map(Reply::problem)
        .orElseGet(() -> Reply.json(202, state(call.at())));
  }

  private Duration lasts(JsonNode body) {
    var max = enforcement.config().observeMax();
    try {
      var lasts = Duration.parse(body.path("for").asString(""));
      if (lasts.compareTo(Duration.ofMinutes(1)) >= 0 && lasts.compareTo(max) <= 0) {
        return lasts;
      }
    } catch (DateTimeException e) {
      // Answered below, like a length out of bounds.
    }
    throw bad("`for` is an ISO 8601 duration from PT1M to " + max + ", such as PT2H");
  }

  private Reply answer(Call call) {
    var id = call.param("id", EnforcementId::new);
    var agree = call.json().path("agree");
    if (!agree.isBoolean()) {
      throw bad("an answer has a boolean `agree`");
    }
    var unfresh = agree.booleanValue() ? fresh.refusal(call) : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    return said(call, id, enforcement.answer(id, person(call), agree.booleanValue(), call.at()));
  }

  private Reply said(Call call, EnforcementId id, Optional<Settlement> settlement) {
    return EnforcementProblems.of(id, settlement)
        .map(Reply::problem)
        .orElseGet(() -> Reply.json(200, state(call.at())));
  }

  private Reply end(Call call) {
    return enforcement.end(person(call), call.at()).isPresent()
        ? Reply.json(200, state(call.at()))
        : Reply.problem(
            new Problem(
                409, "already-enforced", "policy is enforced", "nothing is left to be done"));
  }

  /// Returns how things stand: `mode`, the wish that is open or holds, and those before it.
  private ObjectNode state(Instant now) {
    var json = JSON.createObjectNode();
    var current = enforcement.current(now);
    json.put("mode", enforcement.observing(now).isPresent() ? "observe" : "enforce");
    current.ifPresent(one -> json.set("current", json(one)));
    var history = json.putArray("history");
    enforcement.newest().forEach(one -> history.add(json(one)));
    return json;
  }

  private static ObjectNode json(Observation one) {
    var json = JSON.createObjectNode();
    json.put("id", one.id().value());
    json.put("state", word(one.state()));
    json.put("requestedBy", one.requestedBy().value());
    json.put("reason", one.reason());
    json.put("for", one.lasts().toString());
    json.put("requestedAt", one.requestedAt().toString());
    json.put("lapsesAt", one.lapsesAt().toString());
    one.answeredBy().ifPresent(by -> json.put("answeredBy", by.value()));
    one.expiresAt().ifPresent(at -> json.put("expiresAt", at.toString()));
    return json;
  }

  private static String word(Observation.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to the enforcement switch");
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(
        Problem.badRequest(detail, "send {\"for\": \"PT2H\", \"reason\": \"…\"}"));
  }
}
