package dev.remit.conformance.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// What one benchmark prints: rows, ratios between them, and notes on what could not be measured.
///
/// JSON form: `{"bench", "machine", "rows": [{"case", "n", "p50_us", "p99_us", "per_s",
/// "cpu_us_per_op"}], "ratios": [{"of", "to", "figure", "ratio"}], "notes": []}`.
public final class Report {
  private final String bench;
  private final List<Row> rows = new ArrayList<>();
  private final List<Ratio> ratios = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  public Report(String bench) {
    this.bench = bench;
  }

  public void row(String name, Measured measured) {
    rows.add(new Row(name, measured));
  }

  public void ratio(String of, String to, String figure, double ratio) {
    ratios.add(new Ratio(of, to, figure, ratio));
  }

  public void note(String note) {
    notes.add(note);
  }

  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /// Returns the report as text for people.
  public String text() {
    var out = new StringBuilder("bench " + bench + " on " + machine() + "\n\n");
    int width = Math.max(6, rows.stream().mapToInt(row -> row.name().length()).max().orElse(0));
    out.append(
        String.format(
            Locale.ROOT,
            "%-" + width + "s %9s %10s %10s %10s %12s%n",
            "case",
            "n",
            "p50 µs",
            "p99 µs",
            "per s",
            "CPU µs/op"));
    for (var row : rows) {
      var m = row.measured();
      out.append(
          String.format(
              Locale.ROOT,
              "%-" + width + "s %9d %10.1f %10.1f %10.0f %12.2f%n",
              row.name(),
              m.calls(),
              m.p50Us(),
              m.p99Us(),
              m.perSecond(),
              m.cpuUsPerCall()));
    }
    ratios.forEach(ratio ->
        out.append(
            String.format(
                Locale.ROOT,
                "%n%s : %s, %s = %.2f",
                ratio.of(),
                ratio.to(),
                ratio.figure(),
                ratio.ratio())));
    notes.forEach(note -> out.append("\nnote: ").append(note));
    return out.append('\n').toString();
  }

  /// Returns the report as one JSON object for programs.
  public String json() {
    var json = JsonMapper.shared().createObjectNode().put("bench", bench).put("machine", machine());
    var array = json.putArray("rows");
    for (var row : rows) {
      var m = row.measured();
      array
          .addObject()
          .put("case", row.name())
          .put("n", m.calls())
          .put("p50_us", m.p50Us())
          .put("p99_us", m.p99Us())
          .put("per_s", m.perSecond())
          .put("cpu_us_per_op", m.cpuUsPerCall());
    }
    var ratioArray = json.putArray("ratios");
    for (var ratio : ratios) {
      ratioArray
          .addObject()
          .put("of", ratio.of())
          .put("to", ratio.to())
          .put("figure", ratio.figure())
          .put("ratio", ratio.ratio());
    }
    var noteArray = json.putArray("notes");
    notes.forEach(noteArray::add);
    return json.toString();
  }

  private static String machine() {
    return Runtime.getRuntime().availableProcessors()
        + " cores, "
        + System.getProperty("os.arch")
        + ", Java "
        + Runtime.version().feature();
  }

  /// One line of the table.
  public record Row(String name, Measured measured) {}

  /// One comparison.
  public record Ratio(String of, String to, String figure, double ratio) {}
}
