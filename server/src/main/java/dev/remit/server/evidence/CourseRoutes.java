package dev.remit.server.evidence;

import dev.remit.kernel.evidence.Course;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.tokens.Tasks;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The courses of tasks over HTTP.
public final class CourseRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Courses courses;
  private final Tasks tasks;

  public CourseRoutes(Courses courses, Tasks tasks) {
    this.courses = courses;
    this.tasks = tasks;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/tasks/{id}/course",
            Access.people(Role.OWNER, Role.APPROVER, Role.SECURITY, Role.AUDITOR, Role.ADMIN),
            "Tell what models were asked in a task, what they proposed, what was called and what"
                + " came of it",
            this::show));
  }

  private Reply show(Call call) {
    var task = call.param("id", TaskId::new);
    return tasks.find(task).isEmpty()
        ? Reply.problem(Problem.notFound("task `" + task + "`"))
        : Reply.json(200, json(task, courses.of(task)));
  }

  private static ObjectNode json(TaskId task, Course course) {
    var json = JSON.createObjectNode().put("task", task.value());
    var steps = json.putArray("steps");
    for (var step : course.steps()) {
      var one = doing(steps.addObject(), step.doing());
      switch (step) {
        case Course.Asked(_, var proposals) -> {
          var all = one.put("kind", "asked").putArray("proposals");
          proposals.forEach(proposal -> proposal(all.addObject(), proposal));
        }
        case Course.Called(_, var by) -> {
          one.put("kind", "called");
          by.ifPresent(id -> one.put("proposedBy", id));
        }
      }
    }
    return json;
  }

  private static ObjectNode doing(ObjectNode json, Course.Doing doing) {
    json.put("decision", doing.decision())
        .put("at", doing.at().toString())
        .put("identity", doing.identity())
        .put("action", doing.action())
        .put("target", doing.target())
        .put("verdict", doing.verdict())
        .put("because", doing.because());
    doing
        .ended()
        .ifPresent(end ->
            json.put("outcome", end.outcome())
                .put("tookMicros", end.took().toNanos() / 1_000)
                .put("bytes", end.bytes()));
    if (!doing.secrets().isEmpty()) {
      var secrets = json.putArray("secrets");
      doing.secrets().forEach(secrets::add);
    }
    return json;
  }

  private static void proposal(ObjectNode json, Course.Proposal proposal) {
    json.put("id", proposal.id())
        .put("tool", proposal.tool())
        .put("verdict", proposal.verdict())
        .put("reason", proposal.reason())
        .put("carriedOut", !proposal.calls().isEmpty());
    var calls = json.putArray("calls");
    proposal.calls().forEach(calls::add);
  }
}
