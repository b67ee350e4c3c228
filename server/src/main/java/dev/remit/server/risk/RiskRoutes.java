package dev.remit.server.risk;

import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Risk over HTTP: workflows in the order in which to roll controls out, each with its reasons.
public final class RiskRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final CurrentRisks risks;
  private final Supplier<Registered> registered;

  public RiskRoutes(CurrentRisks risks, Supplier<Registered> registered) {
    this.risks = risks;
    this.registered = registered;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/risk",
            Access.anyPerson(),
            "Rank workflows by what they could do, the riskiest first, with reasons: ?workflow",
            this::list));
  }

  private Reply list(Call call) {
    var only = call.query("workflow", WorkflowName::new);
    var now = risks.now();
    if (only.isPresent() && !now.workflows().containsKey(only.get())) {
      return Reply.problem(Problem.notFound("workflow `" + only.get() + "`"));
    }
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    for (var workflow : now.ranked()) {
      if (only.isEmpty() || only.get().equals(workflow)) {
        items.add(workflow(workflow, now, only.isPresent()));
      }
    }
    return Reply.json(200, json);
  }

  private ObjectNode workflow(WorkflowName workflow, Risks now, boolean identities) {
    var json = json(now.of(workflow)).put("workflow", workflow.value());
    registered.get().workflow(workflow).ifPresent(known -> json.put("stage", known.stage().word()));
    if (identities) {
      var each = json.putArray("identities");
      registered.get().identities().stream()
          .filter(identity -> identity.workflow().equals(workflow))
          .sorted(Comparator.comparing(Identity::name))
          .forEach(
              identity -> each.add(json(now.of(identity.name())).put("identity", identity.key())));
    }
    return json;
  }

  private static ObjectNode json(Risk risk) {
    var json =
        JSON.createObjectNode().put("risk", risk.riskClass().word()).put("score", risk.score());
    var reasons = json.putArray("reasons");
    for (var reason : risk.reasons()) {
      var one =
          reasons
              .addObject()
              .put("rule", reason.rule())
              .put("says", reason.says())
              .put("points", reason.points());
      reason.atLeast().ifPresent(least -> one.put("atLeast", least.word()));
      var rows = one.putArray("rows");
      reason.rows().forEach(row -> rows.add(row.toString()));
    }
    return json;
  }
}
