package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.server.drills.Drill;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The four figures by which one sees whether governing works, and the page that says of each what
/// it counts. What cannot be computed has no figure: it says what is missing.
final class FigureCards {
  static final String PATH = "/console/figures";
  private static final String NONE = "not known";

  private final Recent recent;
  private final Optional<Drill> drill;
  private final Instant now;

  /// @param drill the newest one
  FigureCards(Recent recent, Optional<Drill> drill, Instant now) {
    this.recent = recent;
    this.drill = drill;
    this.now = now;
  }

  /// One figure.
  ///
  /// @param unit behind the value; may be empty
  /// @param counts what was counted, in a few words
  private record Figure(String anchor, String name, String value, String unit, String counts) {
    Element card() {
      var value = element("p").with("class", "figure").saying(this.value);
      return Parts.card(
          name,
          unit.isEmpty() ? value : value.holding(element("small").saying(" " + unit)),
          element("p")
              .with("class", "trend")
              .holding(
                  text(counts + ". "),
                  // One name for each link, so that it makes sense without what is around it.
                  Parts.link(PATH + "#" + anchor, "What it counts")
                      .holding(Parts.span("unseen", ": " + name))));
    }
  }

  Element cards() {
    return Parts.div(
        "row four", governed().card(), unattributed().card(), life().card(), revocation().card());
  }

  private Figure governed() {
    long all = recent.decided();
    return all == 0
        ? new Figure("governed", "Calls governed", NONE, "", "no call is on record yet")
        : new Figure(
            "governed",
            "Calls governed",
            Wording.percent(recent.governed(), all),
            "%",
            Wording.count(recent.governed()) + " of " + Wording.count(all) + " recorded calls");
  }

  private Figure unattributed() {
    long all = recent.decided();
    return all == 0
        ? new Figure(
            "unattributable", "Unattributable actions", NONE, "", "no call is on record yet")
        : new Figure(
            "unattributable",
            "Unattributable actions",
            Wording.count(recent.unattributed()),
            "",
            "of " + Wording.count(all, "recorded call"));
  }

  private Figure life() {
    var median = recent.medianLife();
    var oldest = recent.oldest().map(life -> ", oldest alive: " + Wording.span(life)).orElse("");
    return median.isEmpty()
        ? new Figure(
            "life", "Credential life, median", NONE, "", "no credential has ended yet" + oldest)
        : new Figure(
            "life",
            "Credential life, median",
            number(median.get()),
            unit(median.get()),
            Wording.count(recent.lives().size(), "credential") + " that ended" + oldest);
  }

  private Figure revocation() {
    var slowest = drill.flatMap(FigureCards::slowest);
    if (drill.isEmpty() || slowest.isEmpty()) {
      return new Figure(
          "revoke",
          "Time to revoke, measured",
          NONE,
          "",
          drill.isEmpty()
              ? "no drill has been run yet"
              : "the last drill could not be carried out");
    }
    return new Figure(
        "revoke",
        "Time to revoke, measured",
        number(slowest.get().p99()),
        unit(slowest.get().p99()) + " p99",
        "drill of "
            + Wording.moment(drill.get().at(), now)
            + ", target "
            + drill.get().outcome().word());
  }

  private static Optional<Drill.Part> slowest(Drill drill) {
    return drill.parts().stream().max(Comparator.comparing(Drill.Part::p99));
  }

  private static String number(Duration span) {
    var words = Wording.span(span);
    return words.substring(0, words.indexOf(' '));
  }

  private static String unit(Duration span) {
    var words = Wording.span(span);
    return words.substring(words.indexOf(' ') + 1);
  }

  /// What each figure counts, and what it cannot show.
  List<Html> explained() {
    var all = new ArrayList<Html>();
    all.add(
        Parts.soft(
            "All of this is of "
                + recent.scope(now)
                + ", counted at "
                + Wording.moment(recent.at(), now)
                + " UTC."));
    all.add(explained(governed(), governedWords()));
    all.add(explained(unattributed(), unattributedWords()));
    all.add(explained(life(), lifeWords()));
    all.add(explained(revocation(), revocationWords()));
    return all;
  }

  private static Element explained(Figure figure, List<Html> words) {
    return Parts.card(
            figure.name(),
            Parts.sentence(
                Parts.strong((figure.value() + " " + figure.unit()).strip()),
                text(": " + figure.counts() + ".")))
        .with("id", figure.anchor())
        .holding(words);
  }

  private List<Html> governedWords() {
    var words = new ArrayList<Html>();
    words.add(
        Html.p(
            "Calls that were decided while policy was enforced, and of which it is recorded what"
                + " became of them, of all calls that are on record. Not governed are "
                + Wording.count(recent.observed(), "call")
                + " that went on while policy was only observed, and "
                + Wording.count(recent.gaps().size(), "call")
                + " that were let through and whose outcome is not recorded after a minute."));
    words.add(
        Html.p(
            "It cannot show what never came to Remit: a route around it leaves no record here."));
    if (!recent.gaps().isEmpty()) {
      words.add(
          Parts.table(
              "Calls without an outcome",
              List.of("Call", "Log", "Cause"),
              recent.gaps().stream()
                  .limit(50)
                  .map(gap -> {
                    var id = gap.what().substring(gap.what().indexOf(' ') + 1);
                    return Parts.cells(
                        Parts.link(Parts.decision(id), id), text(gap.node()), text(gap.cause()));
                  })
                  .toList()));
    }
    return words;
  }

  private static List<Html> unattributedWords() {
    return List.of(
        Html.p(
            "Recorded calls for which no single identity and no person who answers for it can be"
                + " named: the identity is not declared any more, the owner of its workflow is not"
                + " here, or an open finding says that its credential is shared."),
        Parts.sentence(Parts.link("/console/findings", "Open findings")));
  }

  private static List<Html> lifeWords() {
    return List.of(
        Html.p(
            "From issue to end of each task token and each credential of a database that is over:"
                + " it ran out, its task ended, or it was taken away. Secrets that are injected into"
                + " a call never leave Remit and are not counted."));
  }

  private List<Html> revocationWords() {
    var words = new ArrayList<Html>();
    if (drill.isPresent()) {
      var last = drill.get();
      words.add(
          Parts.sentence(
              text("The p99 of the slowest part of the newest drill: "),
              text(last.rounds() + " rehearsed suspensions of "),
              Parts.link(Parts.identity(last.canary().value()), last.canary().value()),
              text(" at " + Wording.count(last.nodes(), "node") + ", target "),
              text(Wording.span(last.target()) + ": " + last.outcome().word() + ".")));
      last.detail().ifPresent(detail -> words.add(Html.p(detail)));
      words.add(
          Parts.table(
              "The newest drill",
              List.of("Part", "Count", "p50", "p99", "Longest"),
              last.parts().stream()
                  .map(part ->
                      Parts.cells(
                          text(part.name()),
                          text(Wording.count(part.count())),
                          text(Wording.span(part.p50())),
                          text(Wording.span(part.p99())),
                          text(Wording.span(part.max()))))
                  .toList()));
    } else {
      words.add(
          Parts.sentence(
              text("Nothing is measured until a drill is run: "),
              Parts.code("remit drill"),
              text(", after naming a canary in the configuration.")));
    }
    if (!recent.revocations().isEmpty()) {
      words.add(
          Parts.table(
              "Suspensions that were measured",
              List.of("When", "Who was stopped", "Until all had ended", "Record"),
              recent.revocations().stream()
                  .limit(20)
                  .map(one ->
                      Parts.cells(
                          Wording.when(one.line().at(), now),
                          text(one.line().what()),
                          text(
                              one.complete()
                                  ? Wording.span(one.took())
                                  : "not all within " + Wording.span(one.took())),
                          Parts.code(Wording.count(one.line().index()))))
                  .toList()));
    }
    return words;
  }
}
