package dev.remit.server.ledger;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Handler;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// Serves the log to those who verify it: the layout of C2SP tlog-tiles below `/v1/ledger`, entries
/// as lines of JSON, and receipts.
public final class LedgerRoutes {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int REASON_MAX = 2_000;

  private final Ledger ledger;
  private final LedgerReader reader;

  private final NodeLogs logs;

  /// @param reader of this node's log
  /// @param logs in which receipts are looked for
  public LedgerRoutes(Ledger ledger, LedgerReader reader, NodeLogs logs) {
    this.ledger = ledger;
    this.reader = reader;
    this.logs = logs;
  }

  public List<Operation> operations() {
    var served = new ServedLog(_ -> reader);
    return List.of(
        readers("/v1/ledger/checkpoint", "Get the newest signed checkpoint.", served::checkpoint),
        readers(
            "/v1/ledger/checkpoints",
            "Get older signed checkpoints, after a size.",
            served::checkpoints),
        readers(
            "/v1/ledger/timestamps",
            "Get what a timestamp authority said of checkpoints, after a size.",
            served::timestamps),
        readers("/v1/ledger/tile/{+path}", "Get a tile or an entry bundle.", served::tile),
        readers("/v1/ledger/entries", "Get entries from an index on, as NDJSON.", served::entries),
        new Operation(
            Method.GET,
            "/v1/ledger/keys",
            new Access.Open(),
            "Get the log's public keys, then those of the deployment's other logs.",
            _ -> Reply.text(200, TEXT, logs.keys(ledger.origin()).text())),
        new Operation(
            Method.POST,
            "/v1/ledger/keys",
            Access.people(Role.SECURITY, Role.ADMIN),
            "Give the log a new signing key: `{\"reason\": \"…\"}`",
            this::rotate),
        new Operation(
            Method.GET,
            "/v1/receipts/{id}",
            Access.taskOr(Role.AUDITOR, Role.SECURITY, Role.ADMIN),
            "Get the receipt of an entry.",
            this::receipt));
  }

  static Operation readers(String path, String summary, Handler handler) {
    var access = Access.people(Role.AUDITOR, Role.SECURITY, Role.ADMIN);
    return new Operation(Method.GET, path, access, summary, handler);
  }

  private Reply rotate(Call call) {
    var reason = call.json().path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw new ProblemException(
          Problem.badRequest(
              "a reason of 1 to " + REASON_MAX + " characters is needed",
              "send {\"reason\": \"…\"}"));
    }
    if (!(call.caller() instanceof Caller.PersonCaller person)) {
      throw new IllegalStateException("the edge admits only people to the log's keys");
    }
    var rotation = ledger.rotateKey(person.name(), reason, call.at());
    return Reply.json(
        201,
        JsonNodeFactory.instance
            .objectNode()
            .put("key", rotation.next().toString())
            .put("previous", rotation.previous().toString()));
  }

  private Reply receipt(Call call) {
    var id = call.param("id");
    var holding = logs.holding(id).orElse(reader);
    return holding
        .entry(id)
        .filter(entry -> mayHave(call.caller(), entry))
        .flatMap(_ -> holding.receipt(id))
        .map(receipt -> Reply.text(200, TEXT, receipt.text()))
        .orElseGet(() -> Reply.problem(Problem.notFound("receipt for `" + id + "`")));
  }

  /// A task may have the receipts of its own entries; that others exist is not its business.
  private static boolean mayHave(Caller caller, RecordedEntry entry) {
    return switch (caller) {
      case Caller.PersonCaller _ -> true;
      case Caller.TaskCaller(_, var task) -> entry.concerns(task);
      case Caller.Anonymous _, Caller.Unrecognised _ -> false;
    };
  }
}
