package dev.remit.server.promotion;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.Locale;
import java.util.function.Consumer;

/// Promotions and notices, for comparison with the ledger: tables `promotion` and
/// `promotion_decay`.
public final class PromotionRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each("SELECT * FROM promotion", row -> each.accept(promotion(row)));
    tx.each("SELECT * FROM promotion_decay", row -> each.accept(notice(row)));
  }

  private static StateRow promotion(Row row) {
    var promotion =
        StateRow.of("promotion", row.text("id"))
            .with("workflow", row.text("workflow"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("gate", row.text("gate"))
            .with("world", row.text("world"))
            .with("requestedBy", row.text("requested_by"))
            .with("requestedAt", row.instant("requested_at"))
            .with("lapsesAt", row.instant("lapses_at"));
    row.maybeText("answered_by").ifPresent(by -> promotion.with("answeredBy", by));
    return promotion;
  }

  private static StateRow notice(Row row) {
    return StateRow.of("decay", row.text("workflow"))
        .with("items", row.texts("items"))
        .with("noticedAt", row.instant("noticed_at"))
        .with("demotesAt", row.instant("demotes_at"));
  }
}
