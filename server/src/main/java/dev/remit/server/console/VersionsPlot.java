package dev.remit.server.console;

import static dev.remit.server.page.Html.element;

import dev.remit.server.evaluations.Plan;
import dev.remit.server.evaluations.SuiteResult;
import dev.remit.server.page.Html.Element;
import java.util.List;
import java.util.Locale;

/// Both versions side by side, a row for each suite and never one for all: how many of its cases
/// each version fails, and the bounds of the difference beside the margin. The table beneath says
/// the same in words; colours come from the style sheet, light and dark.
final class VersionsPlot {
  private static final int WIDTH = 760;
  private static final int ROW = 78;
  private static final int TOP = 44;
  private static final int LEFT = 150;
  private static final int BAR = 170;
  private static final int MIDDLE = 590;
  private static final int HALF = 150;

  private final double margin;
  private final double most;
  private Element picture;

  private VersionsPlot(Plan plan, List<SuiteResult> results) {
    this.margin = plan.rule().margin();
    this.most =
        results.stream()
            .mapToDouble(
                one -> Math.max(Math.abs(one.shown().lower()), Math.abs(one.shown().upper())))
            .reduce(2 * margin, Math::max);
    int height = TOP + results.size() * ROW + 8;
    this.picture =
        element("svg")
            .with("class", "picture plot")
            .with("viewbox", "0 0 " + WIDTH + " " + height)
            .with("width", Integer.toString(WIDTH))
            .with("height", Integer.toString(height))
            .with("role", "img")
            .with("aria-label", said(results));
  }

  /// @param results of some suites of `plan`
  static Element of(Plan plan, List<SuiteResult> results) {
    var plot = new VersionsPlot(plan, results);
    boolean compared = plan.baseline().isPresent();
    plot.text(LEFT, 16, "cases failed", "head");
    plot.text(MIDDLE - HALF, 16, "worse by how much; dashed: the margin", "head");
    for (int i = 0; i < results.size(); i++) {
      plot.row(results.get(i), TOP + i * ROW, compared);
    }
    return plot.picture;
  }

  private static String said(List<SuiteResult> results) {
    return results.stream()
        .map(one ->
            "%s: the baseline fails %d and the candidate %d of %d cases, verdict %s"
                .formatted(
                    one.suite().name(),
                    one.baselineFailed(),
                    one.candidateFailed(),
                    one.shown().tally().counts().pairs(),
                    one.verdict().word()))
        .reduce((a, b) -> a + "; " + b)
        .orElse("no suite was compared");
  }

  private void row(SuiteResult one, int y, boolean compared) {
    int scored = Math.max(1, one.shown().tally().counts().pairs());
    text(0, y + 13, one.suite().name(), "name");
    text(0, y + 31, one.verdict().word(), "");
    if (compared) {
      bar(y, "baseline", one.baselineFailed(), scored);
    }
    bar(y + 24, "candidate", one.candidateFailed(), scored);
    line("axis", MIDDLE, y - 6, MIDDLE, y + 46);
    double edge = at(margin);
    line("margin", edge, y - 6, edge, y + 46);
    line("bounds", at(one.shown().lower()), y + 20, at(one.shown().upper()), y + 20);
    picture =
        picture.holding(
            element("circle")
                .with("class", "found")
                .with("cx", number(at(one.shown().regression())))
                .with("cy", Integer.toString(y + 20))
                .with("r", "5"));
    text(MIDDLE - HALF, y + 60, bounds(one), "head");
  }

  private static String bounds(SuiteResult one) {
    return percent(one.shown().regression())
        + ", between "
        + percent(one.shown().lower())
        + " and "
        + percent(one.shown().upper());
  }

  /// A signed share of cases, in percent.
  static String percent(double share) {
    return String.format(Locale.ROOT, "%+.1f %%", share * 100).replace("-", "−");
  }

  private double at(double share) {
    return MIDDLE + HALF * Math.clamp(share / most, -1, 1);
  }

  private void bar(int y, String side, int failed, int scored) {
    picture =
        picture.holding(
            element("rect")
                .with("class", side)
                .with("x", Integer.toString(LEFT))
                .with("y", Integer.toString(y))
                .with("width", number(Math.max(1.5, (double) BAR * failed / scored)))
                .with("height", "16"));
    double end = LEFT + Math.max(1.5, (double) BAR * failed / scored);
    text(end + 8, y + 13, side + " " + failed, "");
  }

  private void line(String kind, double fromX, double fromY, double toX, double toY) {
    picture =
        picture.holding(
            element("path")
                .with("class", kind)
                .with(
                    "d",
                    "M"
                        + number(fromX)
                        + " "
                        + number(fromY)
                        + " L"
                        + number(toX)
                        + " "
                        + number(toY)));
  }

  private void text(double x, double y, String says, String kind) {
    var text = element("text").with("x", number(x)).with("y", number(y)).saying(says);
    picture = picture.holding(kind.isEmpty() ? text : text.with("class", kind));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
