package dev.remit.server.findings;

import dev.remit.server.http.Access;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Reply;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operation by which people see what looks wrong.
public final class FindingRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Findings findings;

  public FindingRoutes(Findings findings) {
    this.findings = findings;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/findings",
            Access.anyPerson(),
            "List findings, the most recently seen first",
            _ -> list()));
  }

  private Reply list() {
    var list = JSON.createObjectNode();
    var items = list.putArray("items");
    findings.newest().forEach(finding -> items.add(json(finding)));
    return Reply.json(200, list);
  }

  private static ObjectNode json(Finding finding) {
    return JSON.createObjectNode()
        .put("id", finding.id().value())
        .put("kind", finding.kind())
        .put("subject", finding.subject())
        .put("severity", finding.severity().word())
        .put("summary", finding.summary())
        .put("remedy", finding.remedy())
        .put("role", finding.forRole().word())
        .put("raisedAt", finding.raisedAt().toString())
        .put("seenAt", finding.seenAt().toString())
        .put("times", finding.times());
  }
}
