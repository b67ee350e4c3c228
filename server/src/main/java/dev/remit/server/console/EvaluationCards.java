package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.server.evaluations.Plan;
import dev.remit.server.evaluations.Planning.Support;
import dev.remit.server.evaluations.Progress;
import dev.remit.server.evaluations.SuiteResult;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one evaluation has come to: how far it is, each suite on its own, and the plan that was
/// frozen before the first question. No figure stands for several suites.
final class EvaluationCards {
  private static final int CASES_SHOWN = 100;

  private EvaluationCards() {}

  /// How many cases wait for a label.
  static long waiting(Progress one) {
    return one.results().stream()
        .mapToLong(result -> result.shown().tally().labels().waiting())
        .sum();
  }

  /// @param act what the visitor may do to go on or pause
  static Element standing(Progress one, Optional<Element> act) {
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.sentence(
            one.verdict()
                .<Html>map(verdict -> Parts.strong(verdict.word()))
                .orElseGet(() -> Parts.strong("Not judged yet")),
            text(one.verdict().isPresent() ? ", as the worst of its suites. " : ". "),
            text("It is " + one.state() + ".")));
    inner.add(
        element("progress")
            .with("max", Integer.toString(Math.max(1, one.trials())))
            .with("value", Integer.toString(one.answered()))
            .with("aria-label", "Questions answered")
            .saying(one.answered() + " of " + one.trials()));
    inner.add(
        Parts.soft(
            Wording.count(one.answered())
                + " of "
                + Wording.count(one.trials(), "question")
                + " answered; "
                + Wording.count(one.tokens(), "token")
                + ", "
                + Wording.count(one.cents(), "cent")
                + " so far."));
    act.ifPresent(inner::add);
    return Parts.card("How it stands", inner);
  }

  static List<Html> results(Progress one, List<Support> support) {
    var cards = new ArrayList<Html>();
    if (one.answered() == 0) {
      cards.add(supported(one, support));
      return cards;
    }
    cards.add(
        Parts.card(
            "Both versions side by side",
            Parts.scrolling(
                "Both versions side by side", VersionsPlot.of(one.plan(), one.results()))));
    boolean named = waiting(one) == 0;
    for (int i = 0; i < one.results().size(); i++) {
      cards.add(suite(one, one.results().get(i), support.get(i), named));
    }
    return cards;
  }

  /// Before anything is asked: what could be shown at all.
  private static Element supported(Progress one, List<Support> support) {
    return Parts.card(
        "What the suites can show",
        Parts.table(
            "What the suites can show",
            List.of("Suite", "Axis", "Cases", "Smallest margin", "Enough for the plan"),
            support.stream()
                .map(each ->
                    Parts.cells(
                        Parts.code(each.suite()),
                        text(each.axis().word()),
                        text(Wording.count(each.cases())),
                        text(smallest(each)),
                        Parts.strong(supports(one.plan(), each) ? "yes" : "no")))
                .toList()));
  }

  private static String smallest(Support each) {
    return each.smallest()
        .map(margin -> percent(margin) + ", for a candidate that is no worse")
        .orElse("none up to a half");
  }

  private static boolean supports(Plan plan, Support each) {
    return each.smallest().filter(margin -> margin <= plan.rule().margin()).isPresent();
  }

  private static String percent(double share) {
    return VersionsPlot.percent(share).replace("+", "");
  }

  private static Element suite(Progress one, SuiteResult result, Support support, boolean named) {
    var shown = result.shown();
    var tally = shown.tally();
    var counts = tally.counts();
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.sentence(Parts.strong(result.verdict().word()), text(": " + shown.why() + ".")));
    inner.add(
        Parts.table(
            result.suite().name() + ": cases by what both versions did",
            List.of("Cases", "Candidate passes", "Candidate fails"),
            List.of(
                cross("Baseline passes", counts.both(), counts.lost()),
                cross("Baseline fails", counts.gained(), counts.neither()))));
    inner.add(
        Parts.facts(
            Parts.Fact.of(
                "Worse by",
                VersionsPlot.percent(shown.regression())
                    + " of the cases; at "
                    + percent(one.plan().rule().confidence())
                    + " confidence between "
                    + VersionsPlot.percent(shown.lower())
                    + " and "
                    + VersionsPlot.percent(shown.upper())),
            Parts.Fact.of("Too much is", percent(one.plan().rule().margin())),
            Parts.Fact.of(
                "Smallest margin it supports",
                smallest(support)
                    + (supports(one.plan(), support) ? "" : "; too few cases for this plan")),
            Parts.Fact.of(
                "Could not be scored",
                Wording.count(tally.unscored())
                    + " of "
                    + Wording.count(tally.pairs(), "case")
                    + "; each counts against the candidate"),
            Parts.Fact.of(
                "Leaks and harmful calls",
                Wording.count(tally.harms())
                    + " confirmed, "
                    + Wording.count(tally.suspicions())
                    + " suspected"),
            Parts.Fact.of(
                "Labelled by people",
                Wording.count(result.toLabel().size() - tally.labels().waiting())
                    + " of "
                    + Wording.count(result.toLabel().size())
                    + "; of a sample of "
                    + tally.labels().sampled()
                    + " they overturn "
                    + tally.labels().overturned())));
    if (named) {
      discordant("Only the baseline passes", result.lost()).ifPresent(inner::add);
      discordant("Only the candidate passes", result.gained()).ifPresent(inner::add);
      discordant("People contradict each other", result.conflicts()).ifPresent(inner::add);
    } else if (counts.lost() + counts.gained() > 0) {
      inner.add(Parts.soft("The discordant cases are named once nothing is left to label."));
    }
    return Parts.card(result.suite().name() + ", " + result.suite().axis().word(), inner);
  }

  private static Element cross(String heading, int passes, int fails) {
    return element("tr")
        .holding(
            element("th").with("scope", "row").saying(heading),
            element("td").saying(Wording.count(passes)),
            element("td").saying(Wording.count(fails)));
  }

  private static Optional<Element> discordant(String heading, List<String> cases) {
    if (cases.isEmpty()) {
      return Optional.empty();
    }
    var shown = cases.stream().sorted().limit(CASES_SHOWN).toList();
    int more = cases.size() - shown.size();
    return Optional.of(
        Parts.fold(
            heading + ": " + Wording.count(cases.size(), "case"),
            Parts.sentence(
                Parts.code(String.join(", ", shown)),
                text(more > 0 ? " and " + more + " more" : ""))));
  }

  static Element plan(Visit visit, Progress one) {
    var plan = one.plan();
    var rule = plan.rule();
    var suites =
        plan.suites().stream()
            .map(suite ->
                Parts.cells(
                    Parts.code(suite.name()),
                    text(suite.version()),
                    text(suite.axis().word()),
                    text(Wording.count(suite.cases())),
                    Parts.code(suite.digest().value())))
            .toList();
    return Parts.card(
        "The plan, frozen before the first question",
        Parts.facts(
            Parts.Fact.of("Evaluation", Parts.code(one.id().value())),
            Parts.Fact.of("Plan", Parts.code(one.digest().value())),
            Parts.Fact.of(
                "Frozen by",
                text(one.by() + ", "),
                Wording.when(one.at(), visit.now()),
                text(" UTC")),
            Parts.Fact.of("Comes from", one.origin().equals("run") ? "a run here" : one.origin()),
            Parts.Fact.of("Candidate", version(plan.candidate())),
            Parts.Fact.of(
                "Baseline",
                plan.baseline()
                    .map(EvaluationCards::version)
                    .orElse("none: each case counts as if it had passed")),
            Parts.Fact.of(
                "Judge", plan.judge().map(EvaluationCards::version).orElse("no model judges")),
            Parts.Fact.of("Each case is asked", Wording.count(plan.repeats(), "time")),
            Parts.Fact.of(
                "Judged by",
                "margin "
                    + percent(rule.margin())
                    + ", confidence "
                    + percent(rule.confidence())
                    + ", at most "
                    + percent(rule.unscoredMax())
                    + " unscored"
                    + (plan.sequential() ? ", stopping as soon as it is shown" : "")),
            Parts.Fact.of(
                "People label",
                plan.labels()
                    ? "every case in which the versions differ, and "
                        + plan.sample()
                        + " of each suite in which they do not"
                    : "only what a judge suspects"),
            Parts.Fact.of(
                "Budget",
                Wording.count(plan.budget().questions(), "question")
                    + ", "
                    + Wording.count(plan.budget().tokens(), "token")
                    + ", "
                    + (plan.budget().cents() > 0
                        ? Wording.count(plan.budget().cents(), "cent")
                        : "any cost")
                    + ", "
                    + Wording.count(plan.budget().seconds(), "second"))),
        Parts.table(
            "Suites of the plan", List.of("Suite", "Version", "Axis", "Cases", "Digest"), suites));
  }

  private static String version(Plan.Version version) {
    return version.endpoint()
        + ", asked as "
        + version.model()
        + ", fingerprint "
        + version.fingerprint().value();
  }
}
