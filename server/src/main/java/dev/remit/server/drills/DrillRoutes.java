package dev.remit.server.drills;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Drills over HTTP.
public final class DrillRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Drills drills;

  public DrillRoutes(Drills drills) {
    this.drills = drills;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/drills",
            Access.anyPerson(),
            "List rehearsed suspensions, newest first: ?workflow",
            call -> Reply.json(200, json(drills.list(call.query("workflow", WorkflowName::new))))),
        new Operation(
            Method.POST,
            "/v1/drills",
            Access.people(Role.SECURITY, Role.ADMIN),
            "Rehearse a suspension of every canary, or of one `workflow`'s, and say what came of it",
            this::run));
  }

  private Reply run(Call call) {
    var done = drills.run(workflow(call));
    return done.isEmpty()
        ? Reply.problem(
            new Problem(
                409,
                "no-canary",
                "no canary is configured for that, so nothing can be rehearsed",
                "declare an identity for it, store its private key with `remit secret put`, and name"
                    + " both under `drills.canaries` in the configuration"))
        : Reply.json(200, json(done));
  }

  private static Optional<WorkflowName> workflow(Call call) {
    var text = call.json().path("workflow").asString("");
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(new WorkflowName(text));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.badRequest(String.valueOf(e.getMessage()), "name a declared workflow"));
    }
  }

  private static ObjectNode json(List<Drill> drills) {
    var json = JSON.createObjectNode();
    var array = json.putArray("drills");
    for (var drill : drills) {
      var one =
          array
              .addObject()
              .put("id", drill.id().value())
              .put("workflow", drill.workflow().value())
              .put("canary", drill.canary().value())
              .put("at", drill.at().toString())
              .put("outcome", drill.outcome().word())
              .put("rounds", drill.rounds())
              .put("nodes", drill.nodes());
      one.set("parts", drill.partsJson());
      drill.detail().ifPresent(detail -> one.put("detail", detail));
    }
    return json;
  }
}
