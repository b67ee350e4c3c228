package dev.remit.server.tokens;

import dev.remit.kernel.identity.ResumptionId;
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
import dev.remit.server.tokens.Stoppable.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The kill switch over HTTP, and the way back, which takes two people.
final class StandingRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Access THOSE_WHO_STOP = Access.people(Role.OWNER, Role.SECURITY, Role.ADMIN);

  /// How a path writes each kind.
  private static final Map<Party.Kind, String> PLURALS =
      new TreeMap<>(
          Map.of(
              Party.Kind.IDENTITY, "identities",
              Party.Kind.WORKFLOW, "workflows",
              Party.Kind.PERSON, "people",
              Party.Kind.RESOURCE, "resources",
              Party.Kind.MODEL, "models",
              Party.Kind.KEY, "keys"));

  private final Standings standings;
  private final Resumptions resumptions;
  private final Withdrawals withdrawals;
  private final Stoppable stoppable;
  private final Stopping stopping;
  private final FreshSignIn fresh;

  StandingRoutes(
      Standings standings,
      Resumptions resumptions,
      Withdrawals withdrawals,
      Stoppable stoppable,
      Stopping stopping,
      FreshSignIn fresh) {
    this.standings = standings;
    this.resumptions = resumptions;
    this.withdrawals = withdrawals;
    this.stoppable = stoppable;
    this.stopping = stopping;
    this.fresh = fresh;
  }

  List<Operation> operations() {
    var ofParties =
        PLURALS.entrySet().stream()
            .flatMap(kind ->
                Stream.of(
                    change(kind.getKey(), "suspend", "Stop one of the ", this::suspend),
                    change(kind.getKey(), "resume", "Ask to let go on one of the ", this::ask)));
    return Stream.concat(
            ofParties,
            Stream.of(
                new Operation(
                    Method.POST,
                    "/v1/tokens/{id}/suspend",
                    THOSE_WHO_STOP,
                    "Withdraw one task token by its id, with a reason; it does not come back",
                    this::withdraw),
                new Operation(
                    Method.GET,
                    "/v1/standings",
                    Access.anyPerson(),
                    "List what is suspended, why, and who asks to resume it",
                    _ -> Reply.json(200, suspended())),
                new Operation(
                    Method.POST,
                    "/v1/resumptions/{id}/answer",
                    THOSE_WHO_STOP,
                    "Agree to somebody else's wish to resume, or decline it: `{\"agree\": true}`",
                    this::answer)))
        .toList();
  }

  private static Operation change(
      Party.Kind kind, String verb, String says, Function<Named, Reply> work) {
    var plural = PLURALS.getOrDefault(kind, kind.word());
    return new Operation(
        Method.POST,
        "/v1/" + plural + "/{name}/" + verb,
        THOSE_WHO_STOP,
        says + plural + ", with a reason",
        call -> work.apply(new Named(call, kind)));
  }

  /// A call about one party.
  private record Named(Call call, Party.Kind kind) {}

  private Reply suspend(Named named) {
    var call = named.call();
    var reason = reason(call);
    return Reply.json(
        200,
        json(stopping.suspend(named.kind(), call.param("name"), person(call), reason, call.at())));
  }

  private Reply ask(Named named) {
    var call = named.call();
    var reason = reason(call);
    return Reply.json(
        202, json(stopping.ask(named.kind(), call.param("name"), person(call), reason, call.at())));
  }

  private Reply answer(Call call) {
    var id = call.param("id", ResumptionId::new);
    var agree = call.json().path("agree");
    if (!agree.isBoolean()) {
      throw new ProblemException(
          Problem.badRequest("an answer has a boolean `agree`", "send {\"agree\": true}"));
    }
    // To let go on what somebody stopped is as serious whatever it is; to leave it stopped never.
    var unfresh = agree.booleanValue() ? fresh.refusal(call) : Optional.<Reply>empty();
    return unfresh.orElseGet(() ->
        Reply.json(200, json(stopping.answer(id, person(call), agree.booleanValue(), call.at()))));
  }

  private Reply withdraw(Call call) {
    var jti = call.param("id");
    var issued =
        withdrawals.issued(jti).orElseThrow(() -> Stoppable.missing("token `" + jti + "`"));
    var owner = stoppable.owner(issued.workflow());
    if (!new Target(Party.of(issued.workflow()), owner).isFor(person(call).name(), roles(call))) {
      throw Stopping.forbidden("token " + jti);
    }
    withdrawals.withdraw(
        issued, person(call).name().value(), Stopping.reason(reason(call)), call.at());
    return Reply.json(
        200,
        JSON.createObjectNode()
            .put("token", jti)
            .put("task", issued.task().value())
            .put("withdrawn", true));
  }

  private ObjectNode suspended() {
    var open = resumptions.open();
    var json = JSON.createObjectNode();
    var array = json.putArray("suspended");
    for (var standing : standings.suspended()) {
      var one = json(standing);
      standings.controls().outcome(standing).ifPresent(outcome -> one.set("outcome", outcome));
      open.stream()
          .filter(asked -> asked.party().equals(standing.party()))
          .forEach(asked -> one.set("resumption", json(asked)));
      array.add(one);
    }
    return json;
  }

  private static String reason(Call call) {
    return call.json().path("reason").asString("");
  }

  static ObjectNode json(PartyStanding standing) {
    return JSON.createObjectNode()
        .put("kind", standing.party().kind().word())
        .put("name", standing.party().name())
        .put("suspended", standing.suspended())
        .put("epoch", standing.epoch())
        .put("reason", standing.reason())
        .put("by", standing.by())
        .put("since", standing.since().toString());
  }

  private static ObjectNode json(Resumption asked) {
    return JSON.createObjectNode()
        .put("id", asked.id().value())
        .put("kind", asked.party().kind().word())
        .put("name", asked.party().name())
        .put("state", word(asked.state()))
        .put("requestedBy", asked.requestedBy().value())
        .put("reason", asked.reason())
        .put("requestedAt", asked.requestedAt().toString())
        .put("lapsesAt", asked.lapsesAt().toString());
  }

  private static String word(Resumption.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Set<Role> roles(Call call) {
    return person(call).roles();
  }

  private static Caller.PersonCaller person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller person) {
      return person;
    }
    throw new IllegalStateException("the edge admits only people to the kill switch");
  }
}
