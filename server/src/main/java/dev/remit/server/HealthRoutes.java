package dev.remit.server;

import dev.remit.server.http.Access;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// What a platform asks of the process: whether it lives, whether to send it calls, its figures.
final class HealthRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Readiness readiness;
  private final Metrics metrics;

  HealthRoutes(Readiness readiness, Metrics metrics) {
    this.readiness = readiness;
    this.metrics = metrics;
  }

  List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/healthz",
            new Access.Open(),
            "Say that the process lives",
            _ -> Reply.json(200, JSON.createObjectNode().put("status", "ok"))),
        new Operation(
            Method.GET,
            "/readyz",
            new Access.Open(),
            "Say whether calls can be served",
            _ -> ready()),
        new Operation(
            Method.GET,
            "/metrics",
            new Access.Open(),
            "Show the figures of the process for Prometheus",
            _ -> Reply.text(200, PROMETHEUS, metrics.scrape())));
  }

  private Reply ready() {
    var missing = readiness.missing();
    return missing.isEmpty()
        ? Reply.json(200, JSON.createObjectNode().put("status", "ready"))
        : Reply.problem(
            new Problem(
                503,
                "not-ready",
                "cannot serve calls: " + String.join(", ", missing),
                "wait, and look at the server's log if it lasts"));
  }
}
