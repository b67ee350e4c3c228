package dev.remit.server.drills;

import dev.remit.kernel.identity.DrillId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Drills at rest: table `drill`, one row each, as `drill.finished` says them.
final class DrillStore {
  private static final JsonMapper JSON = JsonMapper.shared();

  void add(Tx tx, Drill drill) {
    var report = JSON.createObjectNode();
    report.put("canary", drill.canary().value());
    report.put("rounds", drill.rounds());
    report.put("nodes", drill.nodes());
    report.put("targetMillis", drill.target().toMillis());
    report.set("parts", drill.partsJson());
    drill.detail().ifPresent(detail -> report.put("detail", detail));
    tx.update(
        "INSERT INTO drill (id, workflow, at, outcome, report) VALUES (?, ?, ?, ?, ?::jsonb)",
        drill.id().value(),
        drill.workflow().value(),
        drill.at(),
        drill.outcome().word(),
        report.toString());
  }

  List<Drill> newest(Tx tx, Optional<WorkflowName> workflow, int max) {
    return tx.all(
        """
        SELECT id, workflow, at, outcome, report::text AS report FROM drill
         WHERE workflow = COALESCE(?, workflow) ORDER BY at DESC, id DESC LIMIT ?
        """,
        DrillStore::drill,
        workflow.map(WorkflowName::value).orElse(null),
        max);
  }

  /// Whether the last one is longer ago than `every`, and no other node has said so in that time.
  boolean claim(Tx tx, WorkflowName workflow, Instant now, Duration every) {
    return tx.update(
            """
            INSERT INTO drill_due (workflow, claimed_at) VALUES (?, ?)
            ON CONFLICT (workflow) DO UPDATE SET claimed_at = EXCLUDED.claimed_at
             WHERE drill_due.claimed_at <= ?
            """,
            workflow.value(),
            now,
            now.minus(every))
        == 1;
  }

  private static Drill drill(Row row) {
    var report = JSON.readTree(row.text("report"));
    return new Drill(
        new DrillId(row.text("id")),
        new WorkflowName(row.text("workflow")),
        new IdentityName(report.path("canary").asString("")),
        row.instant("at"),
        Word.parse(Drill.Outcome.class, row.text("outcome")),
        report.path("rounds").asInt(0),
        report.path("nodes").asInt(0),
        Duration.ofMillis(report.path("targetMillis").asLong(0)),
        report.path("parts").valueStream().map(DrillStore::part).toList(),
        report.path("detail").asStringOpt());
  }

  private static Drill.Part part(JsonNode part) {
    return new Drill.Part(
        part.path("part").asString(""),
        part.path("count").asInt(0),
        Duration.ofMillis(part.path("p50Millis").asLong(0)),
        Duration.ofMillis(part.path("p99Millis").asLong(0)),
        Duration.ofMillis(part.path("maxMillis").asLong(0)));
  }
}
