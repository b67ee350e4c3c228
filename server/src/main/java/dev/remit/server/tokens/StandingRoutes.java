package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResumptionId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.tokens.Resumption.Settlement;
import dev.remit.server.tokens.Stoppable.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The kill switch over HTTP, and the way back, which takes two people.
final class StandingRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_CHARS_MAX = 500;
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
  private final Tasks tasks;
  private final Resumptions resumptions;
  private final Withdrawals withdrawals;
  private final Stoppable stoppable;

  StandingRoutes(
      Standings standings,
      Tasks tasks,
      Resumptions resumptions,
      Withdrawals withdrawals,
      Stoppable stoppable) {
    this.standings = standings;
    this.tasks = tasks;
    this.resumptions = resumptions;
    this.withdrawals = withdrawals;
    this.stoppable = stoppable;
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
    var target = permitted(named);
    if (target.party().equals(Party.of(Standing.BUILT_IN))) {
      return Reply.problem(
          new Problem(
              409,
              "cannot-suspend-admin",
              "the built-in administrator cannot be suspended: nobody could let them go",
              "withdraw their tokens instead: DELETE /v1/people/admin/tokens"));
    }
    var by = person(call).name();
    var standing = standings.suspend(target.party(), by, reason(call), call.at());
    if (target.party().kind() == Party.Kind.PERSON) {
      // Their tokens are dead already; this cuts what is under way for them, and what was lent.
      tasks.completeFor(new PersonName(target.party().name()), by.value(), call.at());
    }
    return Reply.json(200, json(standing));
  }

  private Reply ask(Named named) {
    var call = named.call();
    var target = permitted(named);
    var by = person(call).name();
    var reason = reason(call);
    if (!stoppable.hasOther(target, by)) {
      return Reply.problem(
          new Problem(
              409,
              "nobody-else",
              "it takes a second person to resume, and nobody but `" + by + "` could agree",
              "declare another person with the role security or admin (`remit apply`), and let them"
                  + " ask or agree"));
    }
    return switch (resumptions.ask(target.party(), by, reason, call.at())) {
      case Resumptions.Asked.Open(var asked) -> Reply.json(202, json(asked));
      case Resumptions.Asked.Another(var other) ->
          Reply.problem(
              new Problem(
                  409,
                  "already-asked",
                  "`" + other.requestedBy() + "` asks for that since " + other.requestedAt(),
                  "somebody else agrees (`remit resume KIND NAME --agree`) or declines"));
      case Resumptions.Asked.NotSuspended() ->
          Reply.problem(
              new Problem(
                  409,
                  "not-suspended",
                  target.party() + " is not suspended",
                  "nothing is left to be done; `remit standing` lists what is"));
    };
  }

  private Reply answer(Call call) {
    var id = call.param("id", ResumptionId::new);
    var agree = call.json().path("agree");
    if (!agree.isBoolean()) {
      throw new ProblemException(
          Problem.badRequest("an answer has a boolean `agree`", "send {\"agree\": true}"));
    }
    var asked = resumptions.find(id).orElseThrow(() -> Stoppable.missing("wish `" + id + "`"));
    var party = asked.party();
    permit(call, stoppable.find(party.kind(), party.name()));
    return switch (resumptions.answer(
        asked, person(call).name(), agree.booleanValue(), call.at())) {
      case Settlement.Agreed(), Settlement.Declined() ->
          Reply.json(200, json(standings.of(party).orElseThrow()));
      case Settlement.Lapsed(var at) ->
          Reply.problem(new Problem(409, "wish-lapsed", id + " lapsed at " + at, "ask again"));
      case Settlement.Settled(var state) ->
          Reply.problem(
              new Problem(
                  409, "wish-settled", id + " is " + word(state), "nothing is left to answer"));
      case Settlement.OwnRequest(var by) ->
          Reply.problem(
              new Problem(
                  403,
                  "own-request",
                  "`" + by + "` asked for it; nobody agrees to their own request",
                  "let another person who may suspend " + party + " answer"));
    };
  }

  private Reply withdraw(Call call) {
    var jti = call.param("id");
    var issued =
        withdrawals.issued(jti).orElseThrow(() -> Stoppable.missing("token `" + jti + "`"));
    var owner = stoppable.owner(issued.workflow());
    if (!new Target(Party.of(issued.workflow()), owner).isFor(person(call).name(), roles(call))) {
      throw forbidden("token " + jti);
    }
    withdrawals.withdraw(issued, person(call).name().value(), reason(call), call.at());
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

  private Target permitted(Named named) {
    var target = named.call().param("name", name -> stoppable.find(named.kind(), name));
    permit(named.call(), target);
    return target;
  }

  private static void permit(Call call, Target target) {
    if (!target.isFor(person(call).name(), roles(call))) {
      throw forbidden(target.party().toString());
    }
  }

  private static ProblemException forbidden(String what) {
    return new ProblemException(
        new Problem(
            403,
            "forbidden",
            "only the owner, security or an admin may do this to " + what,
            "ask one of them"));
  }

  private static String reason(Call call) {
    var reason = call.json().path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_CHARS_MAX) {
      throw new ProblemException(
          Problem.badRequest(
              "a reason of 1 to " + REASON_CHARS_MAX + " characters is needed",
              "send {\"reason\": \"…\"}"));
    }
    return reason;
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
