package dev.remit.server;

import dev.remit.server.decisions.PolicyDecisions;
import dev.remit.server.findings.Findings;
import dev.remit.server.http.Access;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Reply;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// How the product stands, in one answer, for people: by what it decides, and what looks wrong.
/// Never for strangers, who would learn when policy is not enforced.
final class StatusRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final PolicyDecisions decisions;
  private final Findings findings;

  StatusRoutes(PolicyDecisions decisions, Findings findings) {
    this.decisions = decisions;
    this.findings = findings;
  }

  List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/status",
            Access.anyPerson(),
            "Say how deciding stands, and how many findings there are",
            _ -> status()));
  }

  private Reply status() {
    var figures = decisions.shadow();
    var status = JSON.createObjectNode();
    status.put("policies", decisions.version().value());
    status.put("engine", decisions.engine().word());
    status
        .putObject("shadow")
        .put("every", figures.every())
        .put("compared", figures.compared())
        .put("different", figures.different())
        .put("incomparable", figures.incomparable())
        .put("dropped", figures.dropped());
    status.put("findings", findings.count());
    return Reply.json(200, status);
  }
}
