package dev.remit.server.lending;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// Which links there are and which were used, for comparison with the ledger: table `secret_link`.
public final class LinkRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, task, resource, profile, secret, decision, offered_at, expires_at, opened_at
          FROM secret_link
        """,
        row -> each.accept(link(row)));
  }

  private static StateRow link(Row row) {
    var opened = row.maybeInstant("opened_at");
    var told =
        StateRow.of("secret-link", row.text("id"))
            .with("task", row.text("task"))
            .with("resource", row.text("resource"))
            .with("profile", row.text("profile"))
            .with("secret", row.text("secret"))
            .with("of", row.text("decision"))
            .with("offeredAt", row.instant("offered_at"))
            .with("expiresAt", row.instant("expires_at"))
            .with("opened", opened.isPresent());
    return opened.isPresent() ? told.with("openedAt", opened.get()) : told;
  }
}
