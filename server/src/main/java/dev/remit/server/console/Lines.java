package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.List;

/// Lines of the record as a table. `console.js` adds rows of the same form to the live one.
final class Lines {
  private static final List<String> HEADS =
      List.of("Time", "Answer", "Identity", "What", "Why", "Record");

  private Lines() {}

  static Element table(String caption, List<Line> lines, Visit visit) {
    return Parts.table(caption, HEADS, lines.stream().map(line -> row(line, visit)).toList());
  }

  static Element row(Line line, Visit visit) {
    return element("tr")
        .with("id", "r-" + line.log() + "-" + line.index())
        .holding(
            element("td").with("class", "mono").holding(Wording.when(line.at(), visit.now())),
            element("td").holding(Parts.pill(line.outcome())),
            element("td").holding(identity(line)),
            element("td").with("class", "mono").saying(line.what()),
            element("td").saying(line.why()),
            element("td").with("class", "mono").holding(record(line, visit)));
  }

  private static Html identity(Line line) {
    return text(Wording.last(line.identity()));
  }

  /// Only to where the person may go.
  private static Html record(Line line, Visit visit) {
    var number = Wording.count(line.index());
    boolean open = visit.holdsAny(line.isDecision() ? Frame.READ_DECISIONS : Frame.READ_LEDGER);
    return open ? Parts.link(line.path(), number) : text(number);
  }
}
