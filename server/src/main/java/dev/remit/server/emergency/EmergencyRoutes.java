package dev.remit.server.emergency;

import dev.remit.kernel.identity.EmergencyId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.Registered;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// The operations by which people break glass, end that, and review it.
public final class EmergencyRoutes {
  /// Who may say afterwards whether it was justified.
  public static final Set<Role> REVIEWERS =
      EnumSet.of(Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Emergencies emergencies;
  private final Supplier<Registered> registered;
  private final FreshSignIn fresh;

  public EmergencyRoutes(
      Emergencies emergencies, Supplier<Registered> registered, FreshSignIn fresh) {
    this.emergencies = emergencies;
    this.registered = registered;
    this.fresh = fresh;
  }

  public List<Operation> operations() {
    var breakers = emergencies.config().roles().toArray(new Role[0]);
    return List.of(
        new Operation(
            Method.GET,
            "/v1/emergencies",
            Access.anyPerson(),
            "List emergencies, newest first: what glass was broken, for what, by whom, reviewed or"
                + " not",
            this::list),
        new Operation(
            Method.POST,
            "/v1/emergencies",
            Access.people(breakers),
            "Ask that some calls go on whatever policy says: `{\"identity\": \"…\", \"tool\":"
                + " \"bank/pay\", \"calls\": 1, \"for\": \"PT15M\", \"reason\": \"…\"}`",
            this::request),
        new Operation(
            Method.POST,
            "/v1/emergencies/{id}/answer",
            Access.people(breakers),
            "Agree to somebody else's wish or decline it: `{\"agree\": true}`",
            this::answer),
        new Operation(
            Method.DELETE,
            "/v1/emergencies/{id}",
            Access.people(EnumSet.complementOf(EnumSet.of(Role.AUDITOR)).toArray(new Role[0])),
            "End an emergency at once, or take a wish back",
            this::end),
        new Operation(
            Method.POST,
            "/v1/emergencies/{id}/review",
            Access.people(REVIEWERS.toArray(new Role[0])),
            "Say afterwards, having had no part in it, whether it was justified:"
                + " `{\"justified\": true, \"reason\": \"…\"}`",
            this::review));
  }

  private Reply list(Call call) {
    var json = JSON.createObjectNode();
    json.put("open", emergencies.open(call.at()).size());
    var items = json.putArray("items");
    emergencies.newest().forEach(one -> items.add(EmergencyJson.of(one, call.at())));
    return Reply.json(200, json);
  }

  private Reply request(Call call) {
    var wish = WishReader.read(call.json(), registered.get(), emergencies.config());
    var unfresh = fresh.refusal(call);
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    return switch (emergencies.request(wish, person(call), call.at())) {
      case Emergencies.Requested.Made(var made) ->
          Reply.json(202, EmergencyJson.of(made, call.at()));
      case Emergencies.Requested.Another(var other) -> Reply.problem(EmergencySaid.another(other));
    };
  }

  private Reply answer(Call call) {
    var id = call.param("id", EmergencyId::new);
    var agree = call.json().path("agree");
    if (!agree.isBoolean()) {
      throw new ProblemException(
          Problem.badRequest("an answer has a boolean `agree`", "send {\"agree\": true}"));
    }
    var unfresh = agree.booleanValue() ? fresh.refusal(call) : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    return emergencies
        .answer(id, person(call), agree.booleanValue(), call.at())
        .map(meant ->
            EmergencySaid.problem(id, meant, emergencies.config())
                .map(Reply::problem)
                .orElseGet(() -> shown(id, call)))
        .orElseGet(() -> unknown(id));
  }

  private Reply end(Call call) {
    var id = call.param("id", EmergencyId::new);
    if (emergencies.find(id).isEmpty()) {
      return unknown(id);
    }
    return emergencies.end(id, person(call), call.at()).isPresent()
        ? shown(id, call)
        : Reply.problem(
            new Problem(409, "already-over", id + " is over", "nothing is left to be done"));
  }

  private Reply review(Call call) {
    var id = call.param("id", EmergencyId::new);
    var body = call.json();
    var justified = body.path("justified");
    if (!justified.isBoolean()) {
      throw new ProblemException(
          Problem.badRequest(
              "a review has a boolean `justified`",
              "send {\"justified\": true, \"reason\": \"…\"}"));
    }
    var says = WishReader.reason(body);
    return emergencies
        .review(id, person(call), justified.booleanValue(), says, call.at())
        .map(meant ->
            EmergencySaid.problem(id, meant).map(Reply::problem).orElseGet(() -> shown(id, call)))
        .orElseGet(() -> unknown(id));
  }

  private Reply shown(EmergencyId id, Call call) {
    return emergencies
        .find(id)
        .map(one -> Reply.json(200, EmergencyJson.of(one, call.at())))
        .orElseGet(() -> unknown(id));
  }

  private static Reply unknown(EmergencyId id) {
    return Reply.problem(Problem.notFound("emergency `" + id + "`"));
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to emergencies");
  }
}
