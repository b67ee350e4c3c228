package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.task.TaskScope;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.Registered;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tasks over HTTP.
///
/// A workload sees and ends the task of its own token and learns of no other. People see all;
/// security and administrators end any task, an owner those of their workflows.
public final class TaskRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration AFTERMATH_MAX = Duration.ofSeconds(20);
  private static final Duration OUTCOME_MAX = Duration.ofSeconds(1);
  private static final Set<Role> ANY_TASK = Set.of(Role.SECURITY, Role.ADMIN);

  private final Tasks tasks;
  private final Supplier<Registered> registered;

  public TaskRoutes(Tasks tasks, Supplier<Registered> registered) {
    this.tasks = tasks;
    this.registered = registered;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/tasks",
            Access.anyPerson(),
            "List tasks, newest first: ?state=alive|all, identity, workflow, limit, before",
            this::list),
        new Operation(
            Method.GET,
            "/v1/tasks/{id}",
            Access.taskOr(Role.values()),
            "Return one task",
            this::get),
        new Operation(
            Method.POST,
            "/v1/tasks/{id}/complete",
            Access.taskOr(Role.OWNER, Role.SECURITY, Role.ADMIN),
            "End a task, and with it every token of it",
            this::complete));
  }

  private Reply list(Call call) {
    var query =
        new TaskQuery(
            call.query("state", TaskRoutes::alive).orElse(true),
            call.query("identity", IdentityName::new),
            call.query("workflow", WorkflowName::new),
            call.query("before", TaskId::new),
            call.query("limit", TaskRoutes::limit).orElse(TaskQuery.LIMIT_DEFAULT));
    var json = JSON.createObjectNode();
    var array = json.putArray("tasks");
    var found = tasks.list(query, call.at());
    found.forEach(task -> array.add(json(task)));
    if (found.size() == query.limit()) {
      json.put("before", found.getLast().id().value());
    }
    return Reply.json(200, json);
  }

  private static boolean alive(String state) {
    return switch (state) {
      case "alive" -> true;
      case "all" -> false;
      default -> throw new IllegalArgumentException("`" + state + "` is neither alive nor all");
    };
  }

  private static int limit(String text) {
    int limit = Integer.parseInt(text);
    if (limit < 1 || limit > TaskQuery.LIMIT_MAX) {
      throw new IllegalArgumentException("it is 1 to " + TaskQuery.LIMIT_MAX);
    }
    return limit;
  }

  private Reply get(Call call) {
    var id = call.param("id", TaskId::new);
    return visible(call, id)
        .map(task -> Reply.json(200, withOutcome(task, Duration.ZERO)))
        .orElseGet(() -> missing(id));
  }

  private Reply complete(Call call) {
    var id = call.param("id", TaskId::new);
    var task = visible(call, id);
    if (task.isEmpty()) {
      return missing(id);
    }
    if (!mayEnd(call.caller(), task.get())) {
      return Reply.problem(
          new Problem(
              403,
              "forbidden",
              "only its own workload, its workflow's owner, security or an admin ends a task",
              "ask one of them"));
    }
    return tasks
        .complete(id, by(call.caller(), task.get()), call.at())
        .map(ended -> Reply.json(200, withAftermath(ended)))
        .orElseGet(() -> missing(id));
  }

  /// Whoever ends a task hears whether what it was given is gone.
  private ObjectNode withAftermath(Task task) {
    var after = tasks.aftermath(task.id(), AFTERMATH_MAX);
    var json = withOutcome(task, OUTCOME_MAX);
    if (after.gone() + after.left() > 0) {
      json.putObject("credentials")
          .put("gone", after.gone())
          .put("left", after.left())
          .put("tookMillis", after.took().toMillis());
    }
    return json;
  }

  private ObjectNode withOutcome(Task task, Duration max) {
    var json = json(task);
    tasks.outcome(task.id(), max).ifPresent(outcome -> json.set("outcome", outcome));
    return json;
  }

  private Optional<Task> visible(Call call, TaskId id) {
    return switch (call.caller()) {
      case Caller.TaskCaller(_, var own) -> own.equals(id) ? tasks.find(id) : Optional.empty();
      case Caller.PersonCaller _ -> tasks.find(id);
      case Caller.Anonymous _, Caller.Unrecognised _ -> Optional.empty();
    };
  }

  private boolean mayEnd(Caller caller, Task task) {
    return switch (caller) {
      case Caller.TaskCaller(_, var own) -> own.equals(task.id());
      case Caller.PersonCaller(var name, var roles) ->
          roles.stream().anyMatch(ANY_TASK::contains)
              || owner(task).filter(name::equals).isPresent();
      case Caller.Anonymous _, Caller.Unrecognised _ -> false;
    };
  }

  private Optional<PersonName> owner(Task task) {
    return registered.get().workflow(task.workflow()).map(workflow -> workflow.owner());
  }

  private static String by(Caller caller, Task task) {
    return caller instanceof Caller.PersonCaller person
        ? person.name().value()
        : task.subject().value();
  }

  private static Reply missing(TaskId id) {
    return Reply.problem(Problem.notFound("task `" + id + "` that you may see"));
  }

  private static ObjectNode json(Task task) {
    var json = JSON.createObjectNode();
    json.put("id", task.id().value());
    json.put("identity", task.identity().value());
    json.put("workflow", task.workflow().value());
    json.put("intent", task.intent());
    if (task.scope().tools() instanceof TaskScope.Tools.Named(var names)) {
      var array = json.putArray("tools");
      names.stream().sorted().map(ToolName::toString).forEach(array::add);
    }
    if (task.scope().callsMax() != TokenBody.UNLIMITED) {
      json.put("callsMax", task.scope().callsMax());
    }
    json.put("startedAt", task.startedAt().toString());
    json.put("expiresAt", task.scope().expiresAt().toString());
    task.ended()
        .ifPresent(ending -> {
          json.put("endedAt", ending.at().toString());
          json.put("endedBy", ending.by());
        });
    return json;
  }
}
