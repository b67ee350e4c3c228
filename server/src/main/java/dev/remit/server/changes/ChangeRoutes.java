package dev.remit.server.changes;

import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import dev.remit.server.evaluations.EvaluationJson;
import dev.remit.server.evaluations.WishReader;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.ModelTerms.Measure;
import dev.remit.server.registry.Registered;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The operations of changes.
public final class ChangeRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;
  private static final String NAME = "[a-z0-9][a-z0-9._-]{0,62}";

  private final Changes changes;
  private final ChangePlanning planning;
  private final Watch watch;
  private final Rollback rollback;
  private final Supplier<Registered> registered;
  private final FreshSignIn fresh;

  public ChangeRoutes(
      Changes changes,
      ChangePlanning planning,
      Watch watch,
      Rollback rollback,
      Supplier<Registered> registered,
      FreshSignIn fresh) {
    this.changes = changes;
    this.planning = planning;
    this.watch = watch;
    this.rollback = rollback;
    this.registered = registered;
    this.fresh = fresh;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/changes",
            Access.anyPerson(),
            "List changes of what decides identities, newest first; `state=active` and the like",
            this::list),
        new Operation(
            Method.POST,
            "/v1/changes",
            Access.people(Role.OWNER, Role.SECURITY),
            "Open a change because of a notice or of what was seen: `{\"identity\": \"…\", \"kind\":"
                + " \"notice\", \"value\": \"…\"}`",
            this::open),
        new Operation(
            Method.GET,
            "/v1/changes/{id}",
            Access.anyPerson(),
            "Show a change: what differs, which axes, what can be touched, what it needs",
            this::show),
        new Operation(
            Method.POST,
            "/v1/changes/{id}/answer",
            Access.people(Role.APPROVER, Role.SECURITY),
            "Approve somebody else's change or decline it: `{\"agree\": true, \"reason\": \"…\"}`",
            this::answer),
        new Operation(
            Method.POST,
            "/v1/changes/{id}/plan",
            Access.people(Role.OWNER, Role.SECURITY),
            "Freeze the plan of the evaluation that a change needs",
            this::plan),
        new Operation(
            Method.POST,
            "/v1/changes/{id}/evaluations",
            Access.people(Role.APPROVER, Role.SECURITY),
            "Write down what an evaluation elsewhere has said: `{\"suite\": \"…\", \"run\": \"…\","
                + " \"verdict\": \"pass\"}`",
            this::evaluate),
        new Operation(
            Method.POST,
            "/v1/changes/{id}/suspend",
            Access.people(Role.OWNER, Role.SECURITY),
            "Stop what is in use at once: `{\"reason\": \"…\"}`",
            this::suspend),
        new Operation(
            Method.POST,
            "/v1/changes/{id}/rollback",
            Access.people(Role.OWNER, Role.SECURITY),
            "Declare again what was approved before: `{\"reason\": \"…\"}`",
            this::rollback));
  }

  private Reply list(Call call) {
    var state = call.query("state");
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    changes.newest().stream()
        .filter(one -> state.isEmpty() || state.filter(one.state().word()::equals).isPresent())
        .forEach(one -> items.add(ChangeJson.of(one)));
    return Reply.json(200, json);
  }

  private Reply show(Call call) {
    var id = id(call);
    return changes
        .find(id)
        .map(look -> Reply.json(200, ChangeJson.of(look)))
        .orElseGet(() -> unknown(id));
  }

  private Reply open(Call call) {
    var body = call.json();
    var identity = identity(body);
    var kind = name(body, "kind");
    var value = body.path("value").asString("").strip();
    if (value.isEmpty() || value.length() > REASON_MAX) {
      throw bad("`value` says what is so now, in 1 to " + REASON_MAX + " characters");
    }
    var acted =
        watch.breach(
            identity, Origin.TOLD, Measure.VENDOR_CHANGE, 1, kind, value, person(call), call.at());
    return acted
        .flatMap(done -> changes.find(done.change()))
        .map(look -> Reply.json(201, ChangeJson.of(look)))
        .orElseGet(() ->
            Reply.problem(
                new Problem(
                    409,
                    "no-model",
                    "no model decides `" + identity.name() + "`, or its criteria let this pass",
                    "`remit describe identity " + identity.name() + "` says what decides it")));
  }

  private Reply answer(Call call) {
    var id = id(call);
    var body = call.json();
    var agree = body.path("agree");
    if (!agree.isBoolean()) {
      throw bad("an answer has a boolean `agree`");
    }
    var reason = reason(body);
    var found = changes.find(id);
    if (found.isEmpty()) {
      return unknown(id);
    }
    var unfresh =
        agree.booleanValue()
            ? fresh.refusal(call, found.get().change().workflow())
            : Optional.<Reply>empty();
    return unfresh.orElseGet(() ->
        changes
            .answer(id, person(call), agree.booleanValue(), reason, call.at())
            .map(answered -> said(id, answered))
            .orElseGet(() -> unknown(id)));
  }

  private Reply said(ChangeId id, Changes.Answered answered) {
    return ChangeProblems.of(id, answered).map(Reply::problem).orElseGet(() -> shown(id));
  }

  private Reply shown(ChangeId id) {
    return changes
        .find(id)
        .map(look -> Reply.json(200, ChangeJson.of(look.change())))
        .orElseGet(() -> unknown(id));
  }

  private Reply evaluate(Call call) {
    var id = id(call);
    var body = call.json();
    var outcome = body.path("verdict").asString("");
    Evaluation.Outcome verdict;
    try {
      verdict = Word.parse(Evaluation.Outcome.class, outcome);
    } catch (IllegalArgumentException e) {
      throw bad("`verdict` is one of pass, fail, inconclusive");
    }
    var run = body.path("run").asString("").strip();
    if (run.isEmpty() || run.length() > 200) {
      throw bad("`run` says where the run is on record, in 1 to 200 characters");
    }
    return changes
        .evaluatedElsewhere(id, name(body, "suite"), run, verdict, person(call), call.at())
        .map(written -> said(id, written))
        .orElseGet(() -> unknown(id));
  }

  private static Reply said(ChangeId id, Changes.Written written) {
    return switch (written) {
      case Changes.Written.Done(var change) -> Reply.json(200, ChangeJson.of(change));
      case Changes.Written.OwnChange(var person) ->
          Reply.problem(
              new Problem(
                  403,
                  "own-change",
                  "`"
                      + person
                      + "` has declared it; nobody says of their own change that it passed",
                  "let another person with the role approver or security write it down"));
      case Changes.Written.NotNeeded(var change) ->
          Reply.problem(
              new Problem(
                  409,
                  "suite-not-needed",
                  id + " needs " + String.join(", ", change.suites()),
                  "name one of these with `--suite`"));
      case Changes.Written.ShownHere(var shown) ->
          Reply.problem(
              new Problem(
                  409,
                  "shown-here",
                  "`%s` is %s in %s, which was evaluated here"
                      .formatted(shown.suite(), shown.outcome().word(), shown.run()),
                  "`remit changes evaluate " + id + "` again; words do not replace a run"));
    };
  }

  private Reply plan(Call call) {
    var id = id(call);
    var body = call.json();
    var done = planning.of(id, wanted(body), person(call), call.at());
    if (done.isEmpty()) {
      return unknown(id);
    }
    return switch (done.get()) {
      case ChangePlanning.Done.Ready(var ready) -> Reply.json(201, EvaluationJson.ready(ready));
      case ChangePlanning.Done.Refused(var reason, var why, var next) ->
          Reply.problem(new Problem(409, reason, why, next));
    };
  }

  private static ChangePlanning.Wanted wanted(JsonNode body) {
    var wish = WishReader.ofChange(body);
    return new ChangePlanning.Wanted(
        wish.candidate().isEmpty() ? Optional.empty() : Optional.of(wish.candidate()),
        wish.judge(),
        wish.labels(),
        wish.sample(),
        wish.repeats(),
        wish.budget());
  }

  private Reply suspend(Call call) {
    var id = id(call);
    return changes
        .suspend(id, person(call), reason(call.json()), call.at())
        .map(change ->
            ChangeProblems.ofSuspension(change)
                .map(Reply::problem)
                .orElseGet(() -> Reply.json(200, ChangeJson.of(change))))
        .orElseGet(() -> unknown(id));
  }

  private Reply rollback(Call call) {
    var id = id(call);
    var done = rollback.of(id, person(call), reason(call.json()), call.at());
    if (done.isEmpty()) {
      return unknown(id);
    }
    return switch (done.get()) {
      case Rollback.Done.Restored restored -> Reply.json(200, ChangeJson.of(restored));
      case Rollback.Done.Refused refused -> Reply.problem(ChangeProblems.of(refused));
    };
  }

  private Identity identity(JsonNode body) {
    var said = body.path("identity").asString("");
    return Optional.of(said)
        .filter(text -> text.matches(NAME))
        .map(IdentityName::new)
        .flatMap(name -> registered.get().identity(name))
        .or(() ->
            registered.get().identities().stream()
                .filter(one -> one.spiffeId().value().equals(said))
                .findFirst())
        .orElseThrow(() -> bad("`identity` is the name of a declared identity"));
  }

  private static ChangeId id(Call call) {
    return call.param("id", ChangeId::new);
  }

  private static String name(JsonNode body, String member) {
    var name = body.path(member).asString("");
    if (!name.matches(NAME)) {
      throw bad("`" + member + "` is a lower-case word");
    }
    return name;
  }

  private static String reason(JsonNode body) {
    var reason = body.path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw bad("a reason of 1 to " + REASON_MAX + " characters is needed");
    }
    return reason;
  }

  private static Reply unknown(ChangeId id) {
    return Reply.problem(Problem.notFound("change `" + id + "`"));
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to changes");
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(
        Problem.badRequest(detail, "`remit changes --help` shows what is asked for"));
  }
}
