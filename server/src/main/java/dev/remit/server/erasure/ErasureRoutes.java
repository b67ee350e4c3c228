package dev.remit.server.erasure;

import dev.remit.kernel.identity.LegalHoldId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.ErasureScope;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Erasure and legal holds over HTTP. Only the role `privacy` erases, and nobody holds it until the
/// organisation says so; it neither places nor lifts what stops it.
public final class ErasureRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;

  private final Erasure erasure;
  private final LegalHolds holds;

  public ErasureRoutes(Erasure erasure, LegalHolds holds) {
    this.erasure = erasure;
    this.holds = holds;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/erasure",
            Access.people(Role.PRIVACY),
            "Say what an erasure would come to: ?task=|person=|workflow=&before=",
            call -> said(erasure.preview(scope(name -> call.query(name).orElse("")), call.at()))),
        new Operation(
            Method.POST,
            "/v1/erasure",
            Access.people(Role.PRIVACY),
            "Erase content for good: `{\"task\": \"…\", \"reason\": \"…\"}`",
            this::erase),
        new Operation(
            Method.GET,
            "/v1/legal-holds",
            Access.people(Role.AUDITOR, Role.SECURITY, Role.ADMIN, Role.PRIVACY),
            "List legal holds, those that stand first",
            _ -> list()),
        new Operation(
            Method.POST,
            "/v1/legal-holds",
            Access.people(Role.SECURITY, Role.ADMIN),
            "Keep content from being erased: `{\"workflow\": \"…\", \"reason\": \"…\"}`",
            this::place),
        new Operation(
            Method.POST,
            "/v1/legal-holds/{id}/lift",
            Access.people(Role.SECURITY, Role.ADMIN),
            "Lift a legal hold: `{\"reason\": \"…\"}`",
            this::lift));
  }

  private Reply erase(Call call) {
    var body = call.json();
    var scope = scope(name -> body.path(name).asString(""));
    return said(erasure.erase(scope, person(call), reason(call), call.at()));
  }

  private static Reply said(Erased erased) {
    return switch (erased) {
      case Erased.Done(var amount) ->
          Reply.json(
              200,
              JSON.createObjectNode()
                  .put("keys", amount.keys())
                  .put("bodies", amount.bodies())
                  .put("left", amount.left()));
      case Erased.UnderHold(var hold) ->
          Reply.problem(
              new Problem(
                  409,
                  "under-legal-hold",
                  hold.said() + " stands over it, placed by `" + hold.placedBy() + "`",
                  "have it lifted first: remit legal-hold lift " + hold.id()));
      case Erased.AtWork(var task) ->
          Reply.problem(
              new Problem(
                  409,
                  "task-at-work",
                  "the task `" + task + "` is still at work and its content grows",
                  "end it first: remit task complete " + task));
      case Erased.NothingOfThatName() ->
          Reply.problem(Problem.notFound("content of anything of that name, now or ever"));
    };
  }

  private Reply list() {
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    holds.list().forEach(hold -> items.add(json(hold)));
    return Reply.json(200, json);
  }

  private Reply place(Call call) {
    var body = call.json();
    var subject = named(name -> body.path(name).asString(""));
    return Reply.json(
        200,
        json(holds.place(subject.kind(), checked(subject), reason(call), person(call), call.at())));
  }

  private Reply lift(Call call) {
    var id = call.param("id", LegalHoldId::new);
    return holds
        .lift(id, reason(call), person(call), call.at())
        .map(hold -> Reply.json(200, json(hold)))
        .orElseGet(() -> Reply.problem(Problem.notFound("legal hold `" + id + "`")));
  }

  private static ObjectNode json(LegalHold hold) {
    var json =
        JSON.createObjectNode()
            .put("id", hold.id().value())
            .put(hold.kind().word(), hold.subject())
            .put("reason", hold.reason())
            .put("placedBy", hold.placedBy().value())
            .put("placedAt", hold.placedAt().toString());
    hold.lifted()
        .ifPresent(lifted ->
            json.put("liftedBy", lifted.by().value()).put("liftedAt", lifted.at().toString()));
    return json;
  }

  private record Named(ErasureScope.Kind kind, String subject) {}

  private static Named named(Function<String, String> given) {
    var named = new ArrayList<Named>();
    for (var kind : ErasureScope.Kind.values()) {
      var subject = given.apply(kind.word());
      if (!subject.isEmpty()) {
        named.add(new Named(kind, subject));
      }
    }
    if (named.size() != 1) {
      throw bad("it is about one thing", "name a task, a person or a workflow");
    }
    return named.getFirst();
  }

  private static ErasureScope scope(Function<String, String> given) {
    var subject = named(given);
    var before = given.apply("before");
    if ((subject.kind() == ErasureScope.Kind.WORKFLOW) == before.isEmpty()) {
      throw bad(
          "`before` belongs to a workflow, and a workflow needs one",
          "say until when its past is erased, such as before=2026-01-01");
    }
    return switch (subject.kind()) {
      case TASK -> new ErasureScope.OfTask(form(subject, TaskId::new));
      case PERSON -> new ErasureScope.OfPerson(form(subject, PersonName::new));
      case WORKFLOW ->
          new ErasureScope.OfWorkflow(form(subject, WorkflowName::new), moment(before));
    };
  }

  private static String checked(Named subject) {
    return switch (subject.kind()) {
      case TASK -> form(subject, TaskId::new).value();
      case PERSON -> form(subject, PersonName::new).value();
      case WORKFLOW -> form(subject, WorkflowName::new).value();
    };
  }

  private static <T> T form(Named subject, Function<String, T> type) {
    try {
      return type.apply(subject.subject());
    } catch (IllegalArgumentException e) {
      throw bad("the " + subject.kind().word() + " is wrong: " + e.getMessage(), "correct it");
    }
  }

  /// A day means its first moment, in UTC.
  private static Instant moment(String day) {
    try {
      return LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw bad("`" + day + "` is not a day", "write it like 2026-01-01; it means 00:00 UTC");
    }
  }

  private static String reason(Call call) {
    var reason = call.json().path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw bad("a reason of 1 to " + REASON_MAX + " characters is needed", "say why in `reason`");
    }
    return reason;
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to erasure");
  }

  private static ProblemException bad(String detail, String remedy) {
    return new ProblemException(Problem.badRequest(detail, remedy));
  }
}
