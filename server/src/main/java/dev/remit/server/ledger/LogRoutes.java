package dev.remit.server.ledger;

import static dev.remit.server.ledger.LedgerRoutes.readers;

import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// Serves every log of the deployment from any of its nodes: the layout of C2SP tlog-tiles below
/// `/v1/logs/NAME`, where a node's log has the node's name and the one over them is `root`.
public final class LogRoutes {
  private final NodeLogs logs;

  public LogRoutes(NodeLogs logs) {
    this.logs = logs;
  }

  public List<Operation> operations() {
    var served = new ServedLog(this::log);
    return List.of(
        readers("/v1/logs", "List the logs of the deployment.", this::list),
        new Operation(
            Method.GET,
            "/v1/logs/keys",
            new Access.Open(),
            "Get the public keys of all logs, the root log's first.",
            _ -> Reply.text(200, "text/plain; charset=utf-8", logs.keys().text())),
        readers("/v1/logs/{log}/checkpoint", "Get its newest checkpoint.", served::checkpoint),
        readers(
            "/v1/logs/{log}/checkpoints",
            "Get its older checkpoints, after a size.",
            served::checkpoints),
        readers(
            "/v1/logs/{log}/timestamps",
            "Get what a timestamp authority said of its checkpoints.",
            served::timestamps),
        readers("/v1/logs/{log}/tile/{+path}", "Get a tile or an entry bundle.", served::tile),
        readers("/v1/logs/{log}/entries", "Get its entries from an index on.", served::entries),
        new Operation(
            Method.GET,
            "/v1/logs/{log}/keys",
            new Access.Open(),
            "Get its public keys.",
            served::keys));
  }

  private Reply list(Call call) {
    var json = JsonNodeFactory.instance.objectNode();
    var items = json.putArray("items");
    for (var log : logs.all()) {
      items
          .addObject()
          .put("name", log.node())
          .put("origin", log.origin())
          .put("root", log.isRoot())
          .put("epoch", log.epoch())
          .put("size", log.size());
    }
    return Reply.json(200, json);
  }

  private LedgerReader log(Call call) {
    var name = call.param("log");
    return logs.find(name)
        .map(logs::reader)
        .orElseThrow(() -> new ProblemException(Problem.notFound("log `" + name + "`")));
  }
}
