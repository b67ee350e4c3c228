package dev.remit.server.evaluations;

import java.util.List;
import java.util.Locale;

/// Both versions side by side, suite by suite: the share of cases that each fails, and the interval
/// of the difference beside the margin. An SVG without scripts, styles from elsewhere, or anything
/// that an agent wrote.
final class VerdictPlot {
  private static final int WIDTH = 860;
  private static final int ROW = 74;
  private static final int TOP = 56;
  private static final int LEFT = 190;
  private static final int BAR = 240;
  private static final int MIDDLE = 650;
  private static final int HALF = 170;

  private final StringBuilder out = new StringBuilder(8_192);

  private VerdictPlot() {}

  static String svg(Progress one) {
    return new VerdictPlot().draw(one);
  }

  private String draw(Progress one) {
    int height = TOP + one.results().size() * ROW + 20;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, height);
    add("<title>%s: %s</title>", one.id(), one.verdict().map(v -> v.word()).orElse("not judged"));
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
    text(LEFT, 20, "cases failed: baseline above, candidate below");
    text(MIDDLE - HALF, 20, "difference with its bounds; dashed: the margin");
    double most = scale(one.results(), one.plan().rule().margin());
    for (int i = 0; i < one.results().size(); i++) {
      row(one.results().get(i), TOP + i * ROW, most, one.plan().rule().margin());
    }
    return out.append("</svg>\n").toString();
  }

  private static double scale(List<SuiteResult> results, double margin) {
    return results.stream()
        .mapToDouble(
            result -> Math.max(Math.abs(result.shown().lower()), Math.abs(result.shown().upper())))
        .reduce(2 * margin, Math::max);
  }

  private void row(SuiteResult result, int y, double most, double margin) {
    int scored = Math.max(1, result.shown().tally().counts().pairs());
    text(8, y + 14, result.suite().name());
    text(8, y + 30, result.verdict().word());
    bar(y, "#5b6b7b", result.baselineFailed(), scored);
    bar(y + 22, "#b5521b", result.candidateFailed(), scored);
    add(
        "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#888888\"/>",
        MIDDLE, y - 4, MIDDLE, y + 44);
    double at = MIDDLE + HALF * Math.min(1, margin / most);
    add(
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#b00020\""
            + " stroke-dasharray=\"4 3\"/>",
        at, y - 4, at, y + 44);
    double low = MIDDLE + HALF * Math.max(-1, result.shown().lower() / most);
    double high = MIDDLE + HALF * Math.min(1, result.shown().upper() / most);
    add(
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#1b4f72\" stroke-width=\"3\"/>",
        low, y + 20, high, y + 20);
    add(
        "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"#1b4f72\"/>",
        MIDDLE + HALF * result.shown().regression() / most, y + 20);
  }

  private void bar(int y, String colour, int failed, int scored) {
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"16\" fill=\"%s\"/>",
        LEFT, y, Math.max(1.0, (double) BAR * failed / scored), colour);
    text(LEFT + BAR + 8, y + 13, failed + " of " + scored);
  }

  private void text(int x, int y, String text) {
    add(
        "<text x=\"%d\" y=\"%d\">%s</text>",
        x, y, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is of a library for builds only
  private void add(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
