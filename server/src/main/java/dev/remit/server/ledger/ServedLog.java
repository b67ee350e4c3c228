package dev.remit.server.ledger;

import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.Tile;
import dev.remit.server.http.Call;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One log over HTTP: what C2SP tlog-tiles serves, and entries as lines of JSON.
///
/// @param log finds the log that a call is about
record ServedLog(Function<Call, LedgerReader> log) {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String BYTES = "application/octet-stream";
  private static final String NEVER_CHANGES = "private, max-age=31536000, immutable";
  private static final int PAGE_DEFAULT = 100;

  Reply checkpoint(Call call) {
    return log.apply(call)
        .files()
        .checkpoint()
        .map(note -> Reply.text(200, TEXT, note))
        .orElseGet(() -> Reply.problem(Problem.notFound("checkpoint")));
  }

  Reply checkpoints(Call call) {
    long after = call.query("after", Long::parseLong).orElse(0L);
    return Reply.text(200, TEXT, log.apply(call).files().checkpoints(after));
  }

  Reply timestamps(Call call) {
    long after = call.query("after", Long::parseLong).orElse(0L);
    return Reply.text(200, TEXT, log.apply(call).files().timestamps(after));
  }

  Reply tile(Call call) {
    var tile = call.param("path", path -> Tile.parse("tile/" + path));
    return log.apply(call)
        .files()
        .tile(tile)
        .map(bytes -> Reply.bytes(BYTES, bytes).with("Cache-Control", NEVER_CHANGES))
        .orElseGet(() -> Reply.problem(Problem.notFound("tile `" + tile.path() + "`")));
  }

  Reply entries(Call call) {
    long from = call.query("from", Long::parseLong).orElse(0L);
    int limit = call.query("limit", Integer::parseInt).orElse(PAGE_DEFAULT);
    var lines =
        log.apply(call).page(from, limit).stream()
            .map(ServedLog::line)
            .collect(Collectors.joining());
    return Reply.text(200, "application/x-ndjson", lines);
  }

  private static String line(RecordedEntry entry) {
    return "{\"index\":" + entry.index() + ",\"entry\":" + entry.content() + "}\n";
  }

  Reply keys(Call call) {
    return Reply.text(200, TEXT, log.apply(call).logKeys().text());
  }
}
