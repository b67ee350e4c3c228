package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.state.MergedLogs;
import dev.remit.kernel.state.StateAudit;
import dev.remit.kernel.state.StateReport;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.GovernedTables;
import dev.remit.server.store.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// How the worlds of other features end: with every row accounted for by an entry.
public final class Accounted {
  private Accounted() {}

  /// Fails if a table and the ledger disagree.
  public static void check(Database database, Instant now) {
    var report = of(database, now);
    assertThat(report.disagreements()).isEmpty();
    assertThat(report.disorder()).isEmpty();
  }

  /// Compares the tables with all logs, as `remit verify --state` does.
  public static StateReport of(Database database, Instant now) {
    var lines = lines(new StateExport(database, GovernedTables.ALL), now);
    var sizes = new TreeMap<String, Long>();
    for (var log : JsonMapper.shared().readTree(lines.getFirst()).path("logs")) {
      sizes.put(log.path("origin").stringValue(), log.path("size").longValue());
    }
    var merged =
        new MergedLogs(
            sizes.entrySet().stream()
                .<Supplier<Iterator<RecordedEntry>>>map(
                    log -> () -> entries(database, log.getKey(), log.getValue()))
                .toList());
    var source =
        new StateAudit.Source() {
          @Override
          public void entries(Consumer<RecordedEntry> each) {
            merged.entries(each);
          }

          @Override
          public List<String> disorder() {
            return merged.disorder();
          }

          @Override
          public boolean isOfSeveralLogs() {
            return sizes.size() > 1;
          }

          @Override
          public void rows(Consumer<StateRow> each) {
            lines.subList(1, lines.size() - 1).forEach(line -> each.accept(StateRow.parse(line)));
          }
        };
    return StateAudit.of(source, now);
  }

  private static Iterator<RecordedEntry> entries(Database database, String origin, long size) {
    return database
        .transact(tx ->
            tx.all(
                """
                SELECT e.index, e.bytes
                  FROM ledger_entry e
                  JOIN ledger_log l ON l.log = e.log
                 WHERE l.origin = ? AND e.index < ?
                 ORDER BY e.index
                """,
                row -> RecordedEntry.parse(row.number("index"), row.bytes("bytes")),
                origin,
                size))
        .iterator();
  }

  private static List<String> lines(StateExport export, Instant now) {
    try {
      var out = new ByteArrayOutputStream();
      export.flow(now).writing().to(out);
      return out.toString(StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
