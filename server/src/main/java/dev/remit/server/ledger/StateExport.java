package dev.remit.server.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.server.http.Flow;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads every governed row, with how long each log was at that very moment.
///
/// Rows and sizes are read in one snapshot: since a change and its entry are one transaction, the
/// entries below that size are exactly those of the rows, whatever is recorded meanwhile. They go
/// into a file first, so that a slow reader never holds the snapshot open.
///
/// Form: `docs/formats/state.md`.
final class StateExport {
  private final Database database;
  private final List<Governed> tables;

  StateExport(Database database, List<Governed> tables) {
    this.database = database;
    this.tables =
        Stream.concat(Stream.of(new LedgerKeyRows(), new ChangeRows()), tables.stream()).toList();
  }

  /// @throws dev.remit.server.store.DatabaseUnavailable when the rows cannot be read
  Flow flow(Instant now) {
    var file = spooled(now);
    return new Flow("application/x-ndjson", out -> send(file, out));
  }

  private Path spooled(Instant now) {
    try {
      var file = Files.createTempFile("remit-state-", ".ndjson");
      try (var out = Files.newBufferedWriter(file, UTF_8)) {
        database.snapshot(tx -> write(tx, now, out));
        return file;
      } catch (IOException | RuntimeException e) {
        Files.delete(file);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the state in a temporary file", e);
    }
  }

  private long write(Tx tx, Instant now, BufferedWriter out) {
    line(out, CanonicalJson.text(head(tx, now)));
    var rows = new AtomicLong();
    for (var table : tables) {
      table.rows(
          tx,
          row -> {
            rows.incrementAndGet();
            line(out, row.line());
          });
    }
    // Last, so that whoever reads knows that it is all there.
    line(out, "{\"rows\":" + rows + "}");
    return rows.get();
  }

  private static JsonNode head(Tx tx, Instant now) {
    var head = JsonNodeFactory.instance.objectNode();
    head.put("v", 1);
    head.put("at", now.toString());
    var logs = head.putArray("logs");
    tx.each(
        "SELECT node, origin, size FROM ledger_log ORDER BY origin",
        row ->
            logs.addObject()
                .put("name", row.text("node"))
                .put("origin", row.text("origin"))
                .put("size", row.number("size")));
    return head;
  }

  private static void line(BufferedWriter out, String line) {
    try {
      out.write(line);
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the state in a temporary file", e);
    }
  }

  private static void send(Path file, OutputStream out) throws IOException {
    try {
      Files.copy(file, out);
    } finally {
      Files.delete(file);
    }
  }
}
