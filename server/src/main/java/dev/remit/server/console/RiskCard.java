package dev.remit.server.console;

import static dev.remit.server.page.Html.text;

import dev.remit.server.page.Html.Element;
import dev.remit.server.risk.Reason;
import dev.remit.server.risk.Risk;
import java.util.List;

/// How much harm something could do, and each thing that makes it so with what is declared that it
/// comes from.
final class RiskCard {
  private static final int ROWS_SHOWN = 8;

  private RiskCard() {}

  static Element of(Risk risk) {
    var says =
        Parts.sentence(
            Parts.strong(risk.riskClass().word()),
            text(
                ", "
                    + risk.score()
                    + " of 100. Composed from what it can really reach; no label lowers it."));
    return risk.reasons().isEmpty()
        ? Parts.card("Risk", says, Parts.soft("Nothing is within its reach."))
        : Parts.card(
            "Risk",
            says,
            Parts.table(
                "What makes the risk",
                List.of("Why", "Points", "At least", "Comes from"),
                risk.reasons().stream().map(RiskCard::row).toList()));
  }

  private static Element row(Reason reason) {
    return Parts.cells(
        text(reason.says()),
        text(reason.points() == 0 ? "" : Integer.toString(reason.points())),
        text(reason.atLeast().map(least -> least.word()).orElse("")),
        text(rows(reason)));
  }

  private static String rows(Reason reason) {
    var shown = reason.rows().stream().limit(ROWS_SHOWN).map(Object::toString).toList();
    int more = reason.rows().size() - shown.size();
    return String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
  }
}
