package dev.remit.server;

import dev.remit.server.decisions.PolicyDecisions;
import dev.remit.server.enforcement.Enforcement;
import dev.remit.server.enforcement.Observation;
import dev.remit.server.findings.Findings;
import dev.remit.server.http.Access;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Reply;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// How the product stands, in one answer, for people: by what it decides, and what looks wrong.
/// Never for strangers, who would learn when policy is not enforced.
final class StatusRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final PolicyDecisions decisions;
  private final Findings findings;
  private final Enforcement enforcement;

  StatusRoutes(PolicyDecisions decisions, Findings findings, Enforcement enforcement) {
    this.decisions = decisions;
    this.findings = findings;
    this.enforcement = enforcement;
  }

  List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/status",
            Access.anyPerson(),
            "Say how deciding stands, and how many findings there are",
            call -> status(call.at())));
  }

  private Reply status(Instant now) {
    var figures = decisions.secondOpinions();
    var status = JSON.createObjectNode();
    boolean observed = enforcement.observing(now).isPresent();
    status.put("enforcement", observed ? "observe" : "enforce");
    enforcement
        .current(now)
        .flatMap(Observation::expiresAt)
        .filter(_ -> observed)
        .ifPresent(until -> status.put("notEnforcedUntil", until.toString()));
    status.put("policies", decisions.version().value());
    status.put("engine", decisions.engine().word());
    status
        .putObject("secondOpinions")
        .put("every", figures.every())
        .put("compared", figures.compared())
        .put("different", figures.different())
        .put("incomparable", figures.incomparable())
        .put("dropped", figures.dropped());
    status.put("findings", findings.count());
    return Reply.json(200, status);
  }
}
