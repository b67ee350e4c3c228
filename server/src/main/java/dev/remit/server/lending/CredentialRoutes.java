package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.certificates.Certificates;
import dev.remit.server.gateway.CredentialDoor;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.lending.Issuing.Answer;
import dev.remit.server.lending.postgres.PlaceFailed;
import dev.remit.server.registry.Registered;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Credentials over HTTP. The answer to a workload that asks for one is the only place where a
/// password is ever told.
public final class CredentialRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LIST_MAX = 1_000;
  private static final int LIST_DEFAULT = 100;
  private static final Duration REVOKE_WAIT = Duration.ofSeconds(5);

  private final Lending lending;
  private final Certificates certificates;
  private final Supplier<Registered> registered;

  public CredentialRoutes(
      Lending lending, Certificates certificates, Supplier<Registered> registered) {
    this.lending = lending;
    this.certificates = certificates;
    this.registered = registered;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.POST,
            "/v1/credentials",
            Access.taskOr(),
            "Issue a credential of a database, or a link that shows a secret once, to a task:"
                + " {\"resource\", \"profile\"}",
            this::issue),
        new Operation(
            Method.GET,
            "/v1/credentials",
            Access.anyPerson(),
            "List credentials and certificates, newest first: ?state=open|all, task, resource, limit",
            this::list),
        new Operation(
            Method.GET,
            "/v1/credentials/{id}",
            Access.taskOr(Role.values()),
            "Return one credential, never its password",
            this::get),
        new Operation(
            Method.POST,
            "/v1/credentials/{id}/revoke",
            Access.taskOr(Role.OWNER, Role.SECURITY, Role.ADMIN),
            "Take a credential away, or try again at once",
            this::revoke),
        new Operation(
            Method.POST,
            "/v1/databases/{resource}/check",
            Access.people(Role.ADMIN, Role.SECURITY, Role.OWNER),
            "Say whether a database is fit to issue credentials of",
            this::check),
        new Operation(
            Method.POST,
            "/v1/databases/{resource}/release",
            Access.people(Role.ADMIN, Role.SECURITY),
            "Let a quarantined database be used again, and sweep it",
            this::release));
  }

  private Reply issue(Call call) {
    var body = call.json();
    if (!Set.of("resource", "profile").equals(Set.copyOf(body.propertyNames()))
        || !body.path("resource").isString()
        || !body.path("profile").isString()) {
      throw wrong("the body must be {\"resource\": name, \"profile\": name}");
    }
    var bearer = call.presented().credential();
    var resource = named(body.path("resource").stringValue(), ResourceName::new);
    var profile = named(body.path("profile").stringValue(), CredentialRoutes::profile);
    var reply =
        switch (lending.issue(new CredentialDoor.Asking(bearer, resource, profile))) {
          case Answer.Issued issued -> reply(issued);
          case Answer.Offered(var offered) -> reply(offered);
          case Answer.Refused(var why) -> {
            var problem =
                Reply.problem(new Problem(why.status(), why.reason(), why.text(), why.next()));
            yield why.decision()
                .map(id -> problem.with("Remit-Decision", id.value()))
                .orElse(problem);
          }
          case Answer.Withheld(var why, var detail, var remedy) ->
              Reply.problem(new Problem(status(why), word(why), detail, remedy));
        };
    return reply.with("Cache-Control", "no-store");
  }

  private static Reply reply(Answer.Issued issued) {
    var lent = issued.lent();
    var json =
        JSON.createObjectNode()
            .put("id", lent.id().value())
            .put("task", lent.task().value())
            .put("resource", lent.resource().value())
            .put("profile", lent.profile())
            .put("host", lent.place().host())
            .put("port", lent.place().port())
            .put("database", lent.place().database())
            .put("user", lent.role())
            .put("password", issued.password())
            .put("sslmode", lent.place().tls().word())
            .put("expiresAt", lent.expiresAt().toString());
    return Reply.json(201, json)
        .with("Remit-Decision", lent.decision().value())
        .with("Remit-Receipt", issued.receipt().header());
  }

  private static Reply reply(Revealing.Offered offered) {
    var link = offered.link();
    var json =
        JSON.createObjectNode()
            .put("id", link.id().value())
            .put("task", link.task().value())
            .put("resource", link.resource().value())
            .put("profile", link.profile())
            .put("link", "/v1/secret-links/" + offered.code() + "/open")
            .put("expiresAt", link.expiresAt().toString());
    return Reply.json(201, json)
        .with("Remit-Decision", link.decision().value())
        .with("Remit-Receipt", offered.receipt().header());
  }

  private static int status(Issuing.Why why) {
    return switch (why) {
      case TASK_ENDED, STOPPED -> 403;
      case TOO_MANY -> 409;
      case QUARANTINED, UNREACHABLE -> 503;
    };
  }

  private static String word(Issuing.Why why) {
    return switch (why) {
      case TASK_ENDED -> "task-ended";
      case TOO_MANY -> "too-many-credentials";
      case QUARANTINED -> "place-quarantined";
      case UNREACHABLE -> "database-unreachable";
      case STOPPED -> "stopped";
    };
  }

  private Reply list(Call call) {
    var query =
        new CredentialStore.Query(
            call.query("task", TaskId::new),
            call.query("resource", ResourceName::new),
            call.query("state", CredentialRoutes::alsoEnded).orElse(false),
            call.query("limit", CredentialRoutes::limit).orElse(LIST_DEFAULT));
    var json = JSON.createObjectNode();
    var array = json.putArray("credentials");
    Stream.concat(lending.list(query).stream().map(Held::of), certificates(query))
        .sorted(Comparator.comparing(Held::id).reversed())
        .limit(query.max())
        .forEach(held -> array.add(held.json()));
    return Reply.json(200, json);
  }

  /// None is of a resource.
  private Stream<Held> certificates(CredentialStore.Query query) {
    return query.resource().isPresent()
        ? Stream.empty()
        : certificates.list(query.task(), query.alsoEnded(), query.max()).stream().map(Held::of);
  }

  private Reply get(Call call) {
    var id = call.param("id", CredentialId::new);
    return visible(call, id).map(held -> Reply.json(200, held.json())).orElseGet(() -> missing(id));
  }

  private Reply revoke(Call call) {
    var id = call.param("id", CredentialId::new);
    var held = visible(call, id);
    if (held.isEmpty()) {
      return missing(id);
    }
    if (!mayEnd(call.caller(), held.get())) {
      return Reply.problem(
          new Problem(
              403,
              "forbidden",
              "only its own task, its workflow's owner, security or an admin takes it away",
              "ask one of them"));
    }
    var by = by(call.caller(), held.get());
    return lending
        .revoke(id, by, REVOKE_WAIT)
        .map(Held::of)
        .or(() -> certificates.revoke(id, by).map(Held::of))
        .map(now -> Reply.json(200, now.json()))
        .orElseGet(() -> missing(id));
  }

  private Optional<Held> find(CredentialId id) {
    return lending.find(id).map(Held::of).or(() -> certificates.find(id).map(Held::of));
  }

  /// A workload learns of its own task's credentials only.
  private Optional<Held> visible(Call call, CredentialId id) {
    return switch (call.caller()) {
      case Caller.TaskCaller(_, var task) -> find(id).filter(held -> held.task().equals(task));
      case Caller.PersonCaller _ -> find(id);
      case Caller.Anonymous _, Caller.Unrecognised _ -> Optional.empty();
    };
  }

  private boolean mayEnd(Caller caller, Held held) {
    return switch (caller) {
      case Caller.TaskCaller _ -> true;
      case Caller.PersonCaller(var name, var roles) ->
          roles.contains(Role.SECURITY)
              || roles.contains(Role.ADMIN)
              || registered
                  .get()
                  .workflow(held.workflow())
                  .filter(workflow -> workflow.owner().equals(name))
                  .isPresent();
      case Caller.Anonymous _, Caller.Unrecognised _ -> false;
    };
  }

  private static String by(Caller caller, Held held) {
    return caller instanceof Caller.PersonCaller person
        ? person.name().value()
        : held.subject().value();
  }

  private Reply check(Call call) {
    var resource = call.param("resource", ResourceName::new);
    return lending
        .check(resource, call.at())
        .map(looked -> {
          var json = JSON.createObjectNode().put("resource", resource.value());
          json.put("fit", looked.stream().allMatch(one -> one.isWell()));
          var array = json.putArray("checks");
          for (var one : looked) {
            var item = array.addObject().put("what", one.what()).put("well", one.isWell());
            if (!one.isWell()) {
              item.put("problem", one.problem());
            }
          }
          return Reply.json(200, json);
        })
        .orElseGet(() -> noDatabase(resource));
  }

  private Reply release(Call call) {
    var resource = call.param("resource", ResourceName::new);
    try {
      return lending
          .release(resource, by(call))
          .map(released ->
              Reply.json(
                  200,
                  JSON.createObjectNode()
                      .put("resource", resource.value())
                      .put("released", released)))
          .orElseGet(() -> noDatabase(resource));
    } catch (PlaceFailed e) {
      return Reply.problem(
          new Problem(
              503,
              "database-unreachable",
              "the database of `" + resource + "` cannot be reached: " + e.why(),
              "`remit credential check " + resource + "` says what is wrong with it"));
    }
  }

  private static String by(Call call) {
    if (call.caller() instanceof Caller.PersonCaller person) {
      return person.name().value();
    }
    throw new IllegalStateException("the edge admits only people to databases");
  }

  private static boolean alsoEnded(String state) {
    return switch (state) {
      case "open" -> false;
      case "all" -> true;
      default -> throw new IllegalArgumentException("`" + state + "` is neither open nor all");
    };
  }

  private static int limit(String text) {
    int limit = Integer.parseInt(text);
    if (limit < 1 || limit > LIST_MAX) {
      throw new IllegalArgumentException("it is 1 to " + LIST_MAX);
    }
    return limit;
  }

  private static String profile(String text) {
    return new ResourceName(text).value();
  }

  private static <T> T named(String text, Function<String, T> type) {
    try {
      return type.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static Reply missing(CredentialId id) {
    return Reply.problem(Problem.notFound("credential `" + id + "`"));
  }

  private static Reply noDatabase(ResourceName resource) {
    return Reply.problem(
        new Problem(
            404,
            "not-found",
            "there is no database resource `" + resource + "`",
            "`remit get resources` lists what is declared"));
  }

  private static ProblemException wrong(String detail) {
    return new ProblemException(Problem.badRequest(detail, "correct the body"));
  }
}
