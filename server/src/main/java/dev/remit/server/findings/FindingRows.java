package dev.remit.server.findings;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// What was ever found, for comparison with the ledger: table `finding`. How often and when it was
/// seen again, and in which words, is counted without an entry and left out.
public final class FindingRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT id, kind, subject, severity, for_role, raised_at FROM finding",
        row ->
            each.accept(
                StateRow.of("finding", row.text("id"))
                    .with("kind", row.text("kind"))
                    .with("subject", row.text("subject"))
                    .with("severity", word(row.text("severity")))
                    .with("role", word(row.text("for_role")))
                    .with("raisedAt", row.instant("raised_at"))));
  }

  private static String word(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
