package dev.remit.server.ledger;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.Tile;
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
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;

/// Serves the log to those who verify it: the layout of C2SP tlog-tiles below `/v1/ledger`, entries
/// as lines of JSON, and receipts.
public final class LedgerRoutes {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String BYTES = "application/octet-stream";
  private static final String NEVER_CHANGES = "private, max-age=31536000, immutable";
  private static final int PAGE_DEFAULT = 100;

  private static final int REASON_MAX = 2_000;

  private final Ledger ledger;
  private final LedgerReader reader;

  public LedgerRoutes(Ledger ledger, LedgerReader reader) {
    this.ledger = ledger;
    this.reader = reader;
  }

  public List<Operation> operations() {
    return List.of(
        readers("/v1/ledger/checkpoint", "Get the newest signed checkpoint.", this::checkpoint),
        readers(
            "/v1/ledger/checkpoints",
            "Get older signed checkpoints, after a size.",
            this::checkpoints),
        readers(
            "/v1/ledger/timestamps",
            "Get what a timestamp authority said of checkpoints, after a size.",
            this::timestamps),
        readers("/v1/ledger/tile/{+path}", "Get a tile or an entry bundle.", this::tile),
        readers("/v1/ledger/entries", "Get entries from an index on, as NDJSON.", this::entries),
        new Operation(
            Method.GET,
            "/v1/ledger/keys",
            new Access.Open(),
            "Get the log's public keys.",
            this::keys),
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

  private static Operation readers(String path, String summary, Handler handler) {
    var access = Access.people(Role.AUDITOR, Role.SECURITY, Role.ADMIN);
    return new Operation(Method.GET, path, access, summary, handler);
  }

  private Reply checkpoint(Call call) {
    return reader
        .files()
        .checkpoint()
        .map(note -> Reply.text(200, TEXT, note))
        .orElseGet(() -> Reply.problem(Problem.notFound("checkpoint")));
  }

  private Reply checkpoints(Call call) {
    long after = call.query("after", Long::parseLong).orElse(0L);
    return Reply.text(200, TEXT, reader.files().checkpoints(after));
  }

  private Reply timestamps(Call call) {
    long after = call.query("after", Long::parseLong).orElse(0L);
    return Reply.text(200, TEXT, reader.files().timestamps(after));
  }

  private Reply tile(Call call) {
    var tile = call.param("path", path -> Tile.parse("tile/" + path));
    return reader
        .files()
        .tile(tile)
        .map(bytes -> Reply.bytes(BYTES, bytes).with("Cache-Control", NEVER_CHANGES))
        .orElseGet(() -> Reply.problem(Problem.notFound("tile `" + tile.path() + "`")));
  }

  private Reply entries(Call call) {
    long from = call.query("from", Long::parseLong).orElse(0L);
    int limit = call.query("limit", Integer::parseInt).orElse(PAGE_DEFAULT);
    var lines =
        reader.page(from, limit).stream().map(LedgerRoutes::line).collect(Collectors.joining());
    return Reply.text(200, "application/x-ndjson", lines);
  }

  private static String line(RecordedEntry entry) {
    return "{\"index\":" + entry.index() + ",\"entry\":" + entry.content() + "}\n";
  }

  private Reply keys(Call call) {
    return Reply.text(200, TEXT, reader.logKeys().text());
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
    return reader
        .entry(id)
        .filter(entry -> mayHave(call.caller(), entry))
        .flatMap(_ -> reader.receipt(id))
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
