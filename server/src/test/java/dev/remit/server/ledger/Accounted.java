package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.state.StateAudit;
import dev.remit.kernel.state.StateReport;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.approvals.ApprovalRows;
import dev.remit.server.credentials.SecretRows;
import dev.remit.server.decisions.GateRows;
import dev.remit.server.enforcement.ObservationRows;
import dev.remit.server.erasure.LegalHoldRows;
import dev.remit.server.findings.FindingRows;
import dev.remit.server.registry.DeclaredRows;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.KeyRows;
import dev.remit.server.tokens.StandingRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// How the worlds of other features end: with every row accounted for by an entry.
public final class Accounted {
  public static final List<Governed> TABLES =
      List.of(
          new DeclaredRows(),
          new StandingRows(),
          new KeyRows(),
          new SecretRows(),
          new ApprovalRows(),
          new ObservationRows(),
          new FindingRows(),
          new LegalHoldRows(),
          new GateRows());

  private Accounted() {}

  /// Fails if a table and the ledger disagree.
  public static void check(Database database, Ledger ledger, Instant now) {
    assertThat(of(database, ledger, now).disagreements()).isEmpty();
  }

  /// Compares the tables with the ledger, as `remit verify --state` does.
  public static StateReport of(Database database, Ledger ledger, Instant now) {
    var lines = lines(new StateExport(database, ledger.log(), TABLES), now);
    var logs = JsonMapper.shared().readTree(lines.getFirst()).path("logs");
    assertThat(logs).as("a world with one log").hasSize(1);
    long size = logs.get(0).path("size").longValue();
    var source =
        new StateAudit.Source() {
          @Override
          public void entries(Consumer<RecordedEntry> each) {
            database.run(tx ->
                tx.each(
                    "SELECT index, bytes FROM ledger_entry WHERE index < ? ORDER BY index",
                    row ->
                        each.accept(RecordedEntry.parse(row.number("index"), row.bytes("bytes"))),
                    size));
          }

          @Override
          public void rows(Consumer<StateRow> each) {
            lines.subList(1, lines.size() - 1).forEach(line -> each.accept(StateRow.parse(line)));
          }
        };
    return StateAudit.of(source, now);
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
