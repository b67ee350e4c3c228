package dev.remit.server.findings;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// What was ever found, for comparison with the ledger: table `finding`. How often and when it was
/// seen again, and in which words, is counted without an entry and left out.
public final class FindingRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, kind, subject, severity, for_role, raised_at, closed_at, closed_by
          FROM finding
        """,
        row -> each.accept(finding(row)));
  }

  private static StateRow finding(Row row) {
    var closed = row.maybeInstant("closed_at");
    var finding =
        StateRow.of("finding", row.text("id"))
            .with("kind", row.text("kind"))
            .with("subject", row.text("subject"))
            .with("severity", word(row.text("severity")))
            .with("role", word(row.text("for_role")))
            .with("raisedAt", row.instant("raised_at"))
            .with("closed", closed.isPresent());
    closed.ifPresent(at -> finding.with("closedAt", at));
    row.maybeText("closed_by").ifPresent(by -> finding.with("closedBy", by));
    return finding;
  }

  private static String word(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
