package dev.remit.server.evaluations;

import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Handler;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/// The operations by which models and agents are tested and compared.
public final class EvaluationRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Evaluations evaluations;
  private final Labelling labelling;
  private final DriftWatch drift;

  public EvaluationRoutes(Evaluations evaluations, Labelling labelling, DriftWatch drift) {
    this.evaluations = evaluations;
    this.labelling = labelling;
    this.drift = drift;
  }

  public List<Operation> operations() {
    var may = Access.people(Role.OWNER, Role.SECURITY);
    return List.of(
        new Operation(
            Method.GET,
            "/v1/evaluations",
            Access.anyPerson(),
            "List evaluations, newest first",
            _ -> Reply.json(200, EvaluationJson.list(evaluations.newest()))),
        new Operation(
            Method.GET,
            "/v1/evaluations/suites",
            Access.anyPerson(),
            "List the suites and the endpoints that may be asked",
            readable(_ ->
                Reply.json(
                    200, EvaluationJson.suites(evaluations.suites(), evaluations.endpoints())))),
        new Operation(
            Method.GET,
            "/v1/evaluations/probes",
            Access.anyPerson(),
            "Show how the probes of models in use stand",
            _ -> Reply.json(200, EvaluationJson.probes(drift.standings()))),
        new Operation(
            Method.POST,
            "/v1/evaluations/probes/{name}/ask",
            may,
            "Ask probes at once; that counts as one day of their statistics",
            readable(this::ask)),
        new Operation(
            Method.POST,
            "/v1/evaluations",
            may,
            "Freeze a plan: `{\"candidate\": \"…\", \"baseline\": \"…\", \"suites\": […], \"margin\": 0.1}`",
            readable(this::plan)),
        new Operation(
            Method.POST,
            "/v1/evaluations/import",
            may,
            "Judge the results of promptfoo, garak or Inspect",
            readable(this::take)),
        new Operation(
            Method.GET,
            "/v1/evaluations/{id}",
            Access.anyPerson(),
            "Show an evaluation, both versions side by side on each axis",
            call -> found(call, one -> Reply.json(200, EvaluationJson.json(one)))),
        new Operation(
            Method.GET,
            "/v1/evaluations/{id}/plot",
            Access.anyPerson(),
            "Draw an evaluation as SVG",
            call -> found(call, one -> Reply.text(200, "image/svg+xml", VerdictPlot.svg(one)))),
        new Operation(
            Method.POST,
            "/v1/evaluations/{id}/run",
            may,
            "Run what was planned, or run it on",
            readable(this::run)),
        new Operation(
            Method.POST,
            "/v1/evaluations/{id}/pause",
            may,
            "Let a run pause after the questions under way",
            call -> evaluations.pause(id(call)) ? Reply.empty(204) : unknown(call)),
        new Operation(
            Method.GET,
            "/v1/evaluations/{id}/label",
            Access.people(Role.OWNER, Role.SECURITY, Role.APPROVER),
            "Show the next case to label, without telling whose answer is whose",
            this::next),
        new Operation(
            Method.POST,
            "/v1/evaluations/{id}/label",
            Access.people(Role.OWNER, Role.SECURITY, Role.APPROVER),
            "Label a case: `{\"case\": \"…\", \"labels\": [\"passed\", \"failed\"]}`",
            this::label));
  }

  /// Suites and results are files that people write, so what is wrong with one is their answer.
  private static Handler readable(Function<Call, Reply> story) {
    return call -> {
      try {
        return story.apply(call);
      } catch (UnreadableSuite e) {
        return Reply.problem(
            new Problem(
                422,
                "unreadable-results",
                e.getMessage(),
                "correct the file, or send a whole one"));
      }
    };
  }

  private Reply ask(Call call) {
    var name = call.param("name");
    return drift
        .askNow(name, call.at())
        .map(standing -> Reply.json(200, EvaluationJson.standing(standing)))
        .orElseGet(() -> Reply.problem(Problem.notFound("probes `" + name + "`")));
  }

  private Reply plan(Call call) {
    var wish = WishReader.plan(call.json());
    return switch (evaluations.plan(wish, person(call), call.at())) {
      case Planning.Result.Ready(var progress, var support) ->
          Reply.json(201, EvaluationJson.ready(progress, support));
      case Planning.Result.Wrong(var why, var next) -> Reply.problem(Problem.badRequest(why, next));
    };
  }

  private Reply take(Call call) {
    try {
      var taken = evaluations.take(WishReader.taken(call.json()), person(call), call.at());
      return Reply.json(201, EvaluationJson.json(taken));
    } catch (IllegalArgumentException e) {
      throw WishReader.bad(String.valueOf(e.getMessage()));
    }
  }

  private Reply run(Call call) {
    return switch (evaluations.start(id(call))) {
      case Evaluations.Started.Running() ->
          found(call, one -> Reply.json(202, EvaluationJson.json(one)));
      case Evaluations.Started.Differs(var differences) ->
          Reply.problem(
              new Problem(
                  409,
                  "plan-differs",
                  String.join("; ", differences),
                  "nothing was asked; make a new plan of what is there now"));
      case Evaluations.Started.Over(var state) ->
          Reply.problem(
              new Problem(
                  409, "already-over", "it is " + state, "nothing is left to ask; plan another"));
      case Evaluations.Started.Unknown() -> unknown(call);
    };
  }

  private Reply next(Call call) {
    if (evaluations.find(id(call)).isEmpty()) {
      return unknown(call);
    }
    return labelling
        .next(id(call), person(call))
        .map(item -> Reply.json(200, EvaluationJson.item(item)))
        .orElseGet(() -> Reply.json(200, JSON.createObjectNode().put("left", 0)));
  }

  private Reply label(Call call) {
    var json = call.json();
    var said = new ArrayList<String>();
    json.path("labels").forEach(label -> said.add(label.asString("")));
    try {
      var became =
          labelling.label(id(call), json.path("case").asString(""), said, person(call), call.at());
      return switch (became) {
        case TAKEN -> Reply.empty(204);
        case AGAIN ->
            Reply.problem(
                new Problem(
                    409, "already-labelled", "you have labelled this case", "take the next one"));
        case NOT_ASKED ->
            Reply.problem(Problem.notFound("a case of this evaluation that people label"));
      };
    } catch (IllegalArgumentException e) {
      throw WishReader.bad(String.valueOf(e.getMessage()));
    }
  }

  private Reply found(Call call, Function<Progress, Reply> answer) {
    return evaluations.find(id(call)).map(answer).orElseGet(() -> unknown(call));
  }

  private static EvaluationId id(Call call) {
    return call.param("id", EvaluationId::new);
  }

  private static Reply unknown(Call call) {
    return Reply.problem(Problem.notFound("evaluation `" + id(call) + "`"));
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to evaluations");
  }
}
