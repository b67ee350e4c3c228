package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.Registered;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The kill switch over HTTP. Security and administrators stop anything; an owner stops what they
/// own.
public final class StandingRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_CHARS_MAX = 500;
  private static final Set<Role> ANYTHING = Set.of(Role.SECURITY, Role.ADMIN);

  private final Standings standings;
  private final Tasks tasks;
  private final Supplier<Registered> registered;

  public StandingRoutes(Standings standings, Tasks tasks, Supplier<Registered> registered) {
    this.standings = standings;
    this.tasks = tasks;
    this.registered = registered;
  }

  public List<Operation> operations() {
    return List.of(
        change("identities", true, this::identity),
        change("identities", false, this::identity),
        change("workflows", true, this::workflow),
        change("workflows", false, this::workflow),
        change("people", true, this::someone),
        change("people", false, this::someone));
  }

  /// What is to be stopped or let go.
  ///
  /// @param owner who may do so beside security; empty for people, whom only security stops
  private record Target(Party party, Optional<PersonName> owner) {}

  private Operation change(String kind, boolean suspend, Function<Call, Target> target) {
    var verb = suspend ? "suspend" : "resume";
    return new Operation(
        Method.POST,
        "/v1/" + kind + "/{name}/" + verb,
        Access.people(Role.OWNER, Role.SECURITY, Role.ADMIN),
        (suspend ? "Stop" : "Let go on") + " one of the " + kind + ", with a reason",
        call -> answer(call, target.apply(call), suspend));
  }

  private Reply answer(Call call, Target target, boolean suspend) {
    var caller = person(call);
    if (!may(caller, target)) {
      return Reply.problem(
          new Problem(
              403,
              "forbidden",
              "only the owner, security or an admin may do this to " + target.party(),
              "ask one of them"));
    }
    if (suspend && target.party().equals(Party.of(Standing.BUILT_IN))) {
      return Reply.problem(
          new Problem(
              409,
              "cannot-suspend-admin",
              "the built-in administrator cannot be suspended: nobody could let them go",
              "withdraw their tokens instead: DELETE /v1/people/admin/tokens"));
    }
    var reason = reason(call);
    var standing =
        suspend
            ? standings.suspend(target.party(), caller.name(), reason, call.at())
            : standings.resume(target.party(), caller.name(), reason, call.at());
    if (suspend && target.party().kind() == Party.Kind.PERSON) {
      // Their tokens are dead already; this cuts what is under way for them, and what was lent.
      tasks.completeFor(new PersonName(target.party().name()), caller.name().value(), call.at());
    }
    return Reply.json(200, json(standing));
  }

  private static boolean may(Caller.PersonCaller caller, Target target) {
    return caller.roles().stream().anyMatch(ANYTHING::contains)
        || target.owner().filter(caller.name()::equals).isPresent();
  }

  private Target identity(Call call) {
    var name = call.param("name", IdentityName::new);
    var identity =
        registered.get().identity(name).orElseThrow(() -> missing("identity `" + name + "`"));
    return new Target(Party.of(name), owner(identity.workflow()));
  }

  private Target workflow(Call call) {
    var name = call.param("name", WorkflowName::new);
    if (registered.get().workflow(name).isEmpty()) {
      throw missing("workflow `" + name + "`");
    }
    return new Target(Party.of(name), owner(name));
  }

  private Target someone(Call call) {
    var name = call.param("name", PersonName::new);
    if (registered.get().person(name).isEmpty() && !name.equals(Standing.BUILT_IN)) {
      throw missing("person `" + name + "`");
    }
    return new Target(Party.of(name), Optional.empty());
  }

  private Optional<PersonName> owner(WorkflowName workflow) {
    return registered.get().workflow(workflow).map(found -> found.owner());
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

  private static ProblemException missing(String what) {
    return new ProblemException(Problem.notFound(what));
  }

  private static JsonNode json(PartyStanding standing) {
    return JSON.createObjectNode()
        .put("kind", standing.party().kind().word())
        .put("name", standing.party().name())
        .put("suspended", standing.suspended())
        .put("epoch", standing.epoch())
        .put("reason", standing.reason())
        .put("by", standing.by())
        .put("since", standing.since().toString());
  }

  private static Caller.PersonCaller person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller person) {
      return person;
    }
    throw new IllegalStateException("the edge admits only people to the kill switch");
  }
}
